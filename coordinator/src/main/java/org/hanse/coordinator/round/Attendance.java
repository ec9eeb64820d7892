package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.hanse.core.plan.Fingerprint;

/** Every member of the consortium in one round, in ascending order of their keys. */
public record Attendance(SortedMap<Fingerprint, Attendee> members) {
  public Attendance {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  /**
   * All members at a round's opening.
   *
   * @param convicted those with no part in this job any more
   * @param known presence of those the coordinator knows about; the others are waited for from
   *     {@code now} on
   */
  public static Attendance opening(
      Collection<Fingerprint> members,
      Set<Fingerprint> convicted,
      Map<Fingerprint, Presence> known,
      Instant now) {
    SortedMap<Fingerprint, Attendee> all = new TreeMap<>();
    for (Fingerprint member : members) {
      Presence presence = known.getOrDefault(member, new Presence.Unseen(now));
      all.put(member, Attendee.opening(presence, convicted.contains(member)));
    }
    return new Attendance(all);
  }

  /**
   * One member.
   *
   * @throws IllegalArgumentException if there is none with this key
   */
  public Attendee of(Fingerprint site) {
    Attendee attendee = members.get(site);
    if (attendee == null) {
      throw new IllegalArgumentException("no member " + site);
    }
    return attendee;
  }

  /** Nobody has called yet; everybody is waited for from {@code now} on. */
  Attendance unseen(Instant now) {
    SortedMap<Fingerprint, Attendee> all = new TreeMap<>();
    members.forEach((site, attendee) -> all.put(site, attendee.with(new Presence.Unseen(now))));
    return new Attendance(all);
  }

  public Map<Fingerprint, Presence> presences() {
    SortedMap<Fingerprint, Presence> all = new TreeMap<>();
    members.forEach((site, attendee) -> all.put(site, attendee.presence()));
    return all;
  }

  /** Members with no part in this job any more, ascending. */
  public List<Fingerprint> convicted() {
    return which(a -> a.standing() instanceof Standing.Convicted);
  }

  /** The signing key of a member that is ready. */
  CertifiedKey keyOf(Fingerprint site) {
    if (of(site).standing() instanceof Standing.Ready(CertifiedKey key)) {
      return key;
    }
    throw new IllegalArgumentException("not ready: " + site);
  }

  Attendance change(Fingerprint site, UnaryOperator<Attendee> change) {
    SortedMap<Fingerprint, Attendee> all = new TreeMap<>(members);
    all.put(site, change.apply(of(site)));
    return new Attendance(all);
  }

  List<Fingerprint> which(Predicate<Attendee> condition) {
    return members.entrySet().stream()
        .filter(entry -> condition.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Members that may still take part in {@code attempt} of this round. */
  List<Fingerprint> possible(int attempt) {
    return which(a -> a.possible(attempt));
  }

  /** Members that {@code attempt} could open with: possible, ready, not gone. */
  List<Fingerprint> eligible(int attempt, Instant now, Duration patience) {
    return which(a ->
        a.standing() instanceof Standing.Ready
            && a.possible(attempt)
            && !a.presence().goneAt(now, patience));
  }

  /** Those of {@code ready} whose signing certificate has not ended at {@code time}. */
  List<Fingerprint> certified(List<Fingerprint> ready, Instant time) {
    return ready.stream().filter(site -> keyOf(site).validAt(time)).toList();
  }

  /** Members that the next attempt waits for: possible, not eligible, not gone. */
  List<Fingerprint> awaited(Instant now, Duration patience) {
    return which(
        a -> a.standing() instanceof Standing.Expected && !a.presence().goneAt(now, patience));
  }
}
