package org.hanse.simulation.attack;

import java.util.List;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.ToSite.Endorsement;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Step;

/**
 * A manifest with a lower threshold for one site; a quorum of one signature too few for another.
 */
final class LowerThreshold implements Script {
  private static final SiteId OTHER_PLAN = Attack.site(1);
  private static final SiteId SMALL_QUORUM = Attack.site(2);

  private final Backstage backstage;

  LowerThreshold(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Bytes manifest(SiteId site, Bytes honest) {
    if (!site.equals(OTHER_PLAN)) {
      return honest;
    }
    JobManifest approved = ManifestCodec.decode(honest);
    AggregationPlan plan = approved.aggregation();
    CohortRules rules = plan.cohort();
    CohortRules weaker =
        new CohortRules(rules.memberCount(), 0, rules.quorum(), Math.min(3, rules.minimumSites()));
    backstage.tell(
        "gives %s a manifest whose threshold is %d instead of %d"
            .formatted(site, weaker.threshold(), rules.threshold()));
    return ManifestCodec.encode(
        new JobManifest(
            approved.job(),
            approved.title(),
            approved.consortium(),
            new AggregationPlan(
                plan.suite(),
                weaker,
                plan.encoding(),
                plan.metrics(),
                plan.retries(),
                AggregationPlan.defaultAuditChunks(plan.suite(), weaker),
                plan.deadlines()),
            approved.training()));
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!site.equals(SMALL_QUORUM)
        || !(honest.content() instanceof Step(ToSite.Quorum(List<Endorsement> signatures)))) {
      return honest;
    }
    Cast cast = Cast.of(backstage, honest.position().job());
    int threshold = cast.manifest().aggregation().cohort().threshold();
    Fingerprint self = cast.key(site);
    List<Endorsement> others = signatures.stream().filter(s -> !s.site().equals(self)).toList();
    List<Fingerprint> kept = others.stream().limit(threshold - 2L).map(Endorsement::site).toList();
    backstage.tell(
        "asks %s to release for %d signatures, where the manifest asks for %d"
            .formatted(site, threshold - 1, threshold));
    return new Work(
        honest.position(),
        honest.deadlineSeconds(),
        new Step(
            new ToSite.Quorum(
                signatures.stream()
                    .filter(s -> s.site().equals(self) || kept.contains(s.site()))
                    .toList())));
  }
}
