package org.hanse.simulation.attack;

import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Start;

/** M0 to one site with a roster of itself and two more. */
final class SmallCohort implements Script {
  private static final List<SiteId> COHORT =
      List.of(Attack.site(1), Attack.site(2), Attack.site(3));

  private final Backstage backstage;

  SmallCohort(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!site.equals(COHORT.getFirst())
        || !(honest.content() instanceof Start(var modelHash, List<Bytes> certificates))) {
      return honest;
    }
    List<Fingerprint> kept = Cast.of(backstage, honest.position().job()).keys(COHORT);
    backstage.tell("opens the round for %s among %s alone".formatted(site, COHORT));
    return new Work(
        honest.position(),
        honest.deadlineSeconds(),
        new Start(
            modelHash,
            certificates.stream()
                .filter(certificate -> kept.contains(Cast.holder(certificate)))
                .toList()));
  }
}
