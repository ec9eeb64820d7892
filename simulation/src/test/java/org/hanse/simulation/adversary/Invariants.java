package org.hanse.simulation.adversary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ShareKind;
import org.hanse.core.secagg.site.JournalEntry;

/**
 * What must hold after every run, whatever the adversary did. Each check reads the run alone, so
 * that a run that breaks it can be made up.
 */
final class Invariants {
  private final Run run;
  private final List<String> violations = new ArrayList<>();

  private Invariants(Run run) {
    this.run = run;
  }

  static List<String> violations(Run run) {
    Invariants invariants = new Invariants(run);
    invariants.sumsAreExact();
    invariants.oneSumARound();
    invariants.oneKindOfShareForAPeer();
    invariants.neverBothSecretsOfASite();
    invariants.oneReleaseARound();
    invariants.journalBeforeSending();
    invariants.everyAttemptEnds();
    invariants.secretsAreErased();
    return List.copyOf(invariants.violations);
  }

  /** A sum that was unmasked is that of what its sites masked, bit for bit. */
  private void sumsAreExact() {
    run.all(Happening.Unmasked.class)
        .forEach(unmasked -> {
          RingVector nothing = unmasked.sum().times(0);
          RingVector plain = nothing;
          for (Fingerprint site : unmasked.survivors()) {
            plain = plain.plus(masked(site, unmasked.attempt()).orElse(nothing));
          }
          if (!plain.equals(unmasked.sum())) {
            violations.add("the sum of " + unmasked.attempt() + " is not that of its updates");
          }
          if (releases(unmasked.attempt()).size() < run.threshold()) {
            violations.add("a sum was revealed by too few releases in " + unmasked.attempt());
          }
        });
  }

  private Optional<RingVector> masked(Fingerprint site, AttemptId attempt) {
    return run.all(Happening.Masked.class)
        .filter(masked -> masked.site().equals(site) && masked.attempt().equals(attempt))
        .map(Happening.Masked::plain)
        .reduce((first, second) -> second);
  }

  private Map<Fingerprint, FromSite.Release> releases(AttemptId attempt) {
    Map<Fingerprint, FromSite.Release> releases = new HashMap<>();
    run.all(Happening.Sent.class)
        .filter(sent -> sent.attempt().equals(attempt))
        .filter(sent -> sent.message() instanceof FromSite.Release)
        .forEach(sent -> releases.put(sent.site(), (FromSite.Release) sent.message()));
    return releases;
  }

  /**
   * At most one statement of a round has, with the adversary's own, the t releases that open it;
   * and no honest site releases on a statement that fewer than t have signed.
   */
  private void oneSumARound() {
    Map<RoundId, Set<Hash>> opened = new HashMap<>();
    Map<Hash, Set<Fingerprint>> releasing = new HashMap<>();
    run.all(Happening.Journalled.class)
        .forEach(journalled -> {
          if (journalled.entry() instanceof JournalEntry.Released released
              && run.honest(journalled.site())) {
            Set<Fingerprint> sites =
                releasing.computeIfAbsent(released.statement(), key -> new HashSet<>());
            sites.add(journalled.site());
            if (sites.size() + run.colluding().size() >= run.threshold()) {
              opened
                  .computeIfAbsent(released.round(), key -> new HashSet<>())
                  .add(released.statement());
            }
            if (confirming(released.statement()) + run.colluding().size() < run.threshold()) {
              violations.add(journalled.site() + " released below the threshold");
            }
          }
        });
    opened.forEach((round, statements) -> {
      if (statements.size() > 1) {
        violations.add(statements.size() + " sums of " + round + " can be opened");
      }
    });
    Map<RoundId, Integer> sums = new HashMap<>();
    run.all(Happening.Unmasked.class)
        .forEach(unmasked -> sums.merge(unmasked.attempt().round(), 1, Integer::sum));
    sums.forEach((round, count) -> {
      if (count > 1) {
        violations.add(count + " sums of " + round + " were opened");
      }
    });
  }

  /** Honest sites that signed this statement. */
  private long confirming(Hash statement) {
    return run.all(Happening.Sent.class)
        .filter(sent -> run.honest(sent.site()))
        .filter(sent ->
            sent.message() instanceof FromSite.Confirmation confirmation
                && confirmation.statement().equals(statement))
        .map(Happening.Sent::site)
        .distinct()
        .count();
  }

  private record Disclosure(RoundId round, Fingerprint by, Fingerprint of) {}

  /** An honest site gives one kind of share for a peer, in all attempts of a round together. */
  private void oneKindOfShareForAPeer() {
    Map<Disclosure, Set<ShareKind>> kinds = new HashMap<>();
    run.all(Happening.Sent.class)
        .forEach(sent -> {
          if (sent.message() instanceof FromSite.Release release && run.honest(sent.site())) {
            for (FromSite.ReleasedShare share : release.shares()) {
              Fingerprint peer = roster(sent.attempt()).get(share.peerIndex() - 1);
              kinds
                  .computeIfAbsent(
                      new Disclosure(sent.attempt().round(), sent.site(), peer),
                      key -> new HashSet<>())
                  .add(share.kind());
            }
          }
        });
    kinds.forEach((disclosure, given) -> {
      if (given.size() > 1) {
        violations.add("both kinds of share given: " + disclosure);
      }
    });
  }

  private List<Fingerprint> roster(AttemptId attempt) {
    return run.all(Happening.Opened.class)
        .filter(opened -> opened.attempt().equals(attempt))
        .map(Happening.Opened::roster)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** With all the adversary knows, no honest site's b and s of one attempt can both be rebuilt. */
  private void neverBothSecretsOfASite() {
    run.all(Happening.Opened.class)
        .forEach(opened -> {
          Map<Fingerprint, FromSite.Release> releases = releases(opened.attempt());
          for (Fingerprint site : opened.roster()) {
            if (run.honest(site)) {
              int index = opened.roster().indexOf(site) + 1;
              boolean selfMask =
                  releases.containsKey(site) || rebuilt(releases, index, ShareKind.SELF_MASK);
              if (selfMask && rebuilt(releases, index, ShareKind.MASK_KEY)) {
                violations.add("both secrets of " + site + " in " + opened.attempt());
              }
            }
          }
        });
  }

  private boolean rebuilt(Map<Fingerprint, FromSite.Release> releases, int peer, ShareKind kind) {
    long honest =
        releases.entrySet().stream()
            .filter(entry -> run.honest(entry.getKey()))
            .filter(entry ->
                entry.getValue().shares().stream()
                    .anyMatch(share -> share.peerIndex() == peer && share.kind() == kind))
            .count();
    return honest + run.colluding().size() >= run.threshold();
  }

  /** An honest site gives one release a round; a repeat is the very same. */
  private void oneReleaseARound() {
    Map<Fingerprint, Map<RoundId, Set<FromSite>>> given = new HashMap<>();
    run.all(Happening.Sent.class)
        .filter(sent -> run.honest(sent.site()) && sent.message() instanceof FromSite.Release)
        .forEach(sent ->
            given
                .computeIfAbsent(sent.site(), key -> new HashMap<>())
                .computeIfAbsent(sent.attempt().round(), key -> new HashSet<>())
                .add(sent.message()));
    given.forEach((site, rounds) ->
        rounds.forEach((round, releases) -> {
          if (releases.size() > 1) {
            violations.add(site + " released " + releases.size() + " times in " + round);
          }
        }));
  }

  /** JOINED is durable before keys leave an honest site, RELEASED before its release does. */
  private void journalBeforeSending() {
    Set<Object> durable = new HashSet<>();
    for (Happening happening : run.happenings()) {
      if (happening instanceof Happening.Journalled(Fingerprint site, JournalEntry entry)) {
        switch (entry) {
          case JournalEntry.Joined joined -> durable.add(List.of(site, "keys", joined.attempt()));
          case JournalEntry.Released released ->
              durable.add(List.of(site, "release", released.attempt()));
          case JournalEntry.Closed closed -> {}
        }
      } else if (happening
              instanceof Happening.Sent(Fingerprint site, AttemptId attempt, FromSite message)
          && run.honest(site)) {
        boolean remembered =
            switch (message) {
              case FromSite.Advertisement ad -> durable.contains(List.of(site, "keys", attempt));
              case FromSite.Release release -> durable.contains(List.of(site, "release", attempt));
              default -> true;
            };
        if (!remembered) {
          violations.add(
              message.getClass().getSimpleName() + " of " + site + " left before the journal");
        }
      }
    }
  }

  private void everyAttemptEnds() {
    Set<AttemptId> open = new HashSet<>();
    for (Happening happening : run.happenings()) {
      if (happening instanceof Happening.Opened opened) {
        open.add(opened.attempt());
      } else if (happening instanceof Happening.Ended(AttemptId attempt)) {
        open.remove(attempt);
      }
    }
    open.forEach(attempt -> violations.add(attempt + " did not end"));
  }

  private void secretsAreErased() {
    run.all(Happening.Left.class)
        .filter(left -> left.secretsKept() > 0)
        .forEach(left ->
            violations.add(left.site() + " still holds " + left.secretsKept() + " secrets"));
  }
}
