package org.hanse.simulation.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.ToSite.Endorsement;
import org.hanse.core.secagg.ToSite.Survivor;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Step;

/**
 * M6 with all sites to some, M6 without one of them to the others: both sets are large enough. Then
 * M8 with everybody's signature, whatever each has signed.
 */
final class TwoSurvivorSets implements Script {
  private static final SiteId LEFT_OUT = Attack.site(5);
  private static final List<SiteId> TOLD_LESS = List.of(Attack.site(3), Attack.site(4));

  private final Backstage backstage;
  private final Map<SiteId, Work> offered = new HashMap<>();
  private final Map<SiteId, Endorsement> confirmed = new HashMap<>();
  private final Set<SiteId> asked = new HashSet<>();
  private int survivors;

  TwoSurvivorSets(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!(honest.content() instanceof Step(ToSite.Survivors(List<Survivor> all)))) {
      return honest;
    }
    Work told = TOLD_LESS.contains(site) ? withoutOne(site, honest, all) : honest;
    synchronized (this) {
      offered.put(site, told);
      survivors = all.size();
    }
    return told;
  }

  private Work withoutOne(SiteId site, Work honest, List<Survivor> all) {
    Fingerprint leftOut = Cast.of(backstage, honest.position().job()).key(LEFT_OUT);
    backstage.tell(
        "tells %s that %d sites are counted and %s is not; others hear of all %d"
            .formatted(site, all.size() - 1, LEFT_OUT, all.size()));
    return new Work(
        honest.position(),
        honest.deadlineSeconds(),
        new Step(
            new ToSite.Survivors(all.stream().filter(s -> !s.site().equals(leftOut)).toList())));
  }

  @Override
  public boolean passes(SiteId site, AttemptMessage message) {
    if (!(message.message() instanceof FromSite.Confirmation(var statement, var signature))) {
      return true;
    }
    Fingerprint key = Cast.of(backstage, message.attempt().round().job()).key(site);
    synchronized (this) {
      confirmed.put(site, new Endorsement(key, statement, signature));
    }
    return false;
  }

  /** M8, once everybody has confirmed. */
  @Override
  public synchronized Optional<Work> invented(SiteId site) {
    Work told = offered.get(site);
    if (told == null || confirmed.size() < survivors || !asked.add(site)) {
      return Optional.empty();
    }
    Set<Fingerprint> counted = new HashSet<>();
    if (told.content() instanceof Step(ToSite.Survivors(List<Survivor> set))) {
      set.forEach(survivor -> counted.add(survivor.site()));
    }
    List<Endorsement> signatures = new ArrayList<>(confirmed.values());
    signatures.removeIf(signature -> !counted.contains(signature.site()));
    signatures.sort(Comparator.comparing(Endorsement::site));
    backstage.tell(
        "asks %s to release, with %d signatures over two different sets"
            .formatted(site, signatures.size()));
    return Optional.of(
        Work.of(told.attempt(), told.deadlineSeconds(), new Step(new ToSite.Quorum(signatures))));
  }
}
