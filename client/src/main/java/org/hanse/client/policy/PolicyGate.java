package org.hanse.client.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.client.policy.PolicyDecision.Reason;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.RoundId;

/**
 * Decides for one site what it takes part in. Every limit comes from the manifest's bytes and this
 * site's policy; nothing that a coordinator says in passing enters. Immutable.
 *
 * @param self who this site is
 * @param policy the steward's rules
 * @param datasets names of the data contracts that this site has data for
 */
public record PolicyGate(SiteIdentity self, SitePolicy policy, Set<String> datasets) {
  public PolicyGate {
    datasets = Set.copyOf(datasets);
  }

  /** Whether this site takes part in {@code offered} at all, given that manifest for it. */
  public PolicyDecision decide(JobId offered, PlannedJob job) {
    return decision(jobReasons(offered, job));
  }

  /** Whether this site trains for {@code round}, and later whether it releases in it. */
  public PolicyDecision decide(RoundId round, PlannedJob job) {
    List<Reason> reasons = jobReasons(round.job(), job);
    long planned = job.manifest().training().rounds();
    if (round.round() > planned) {
      reasons.add(
          new Reason(
              Rule.BEYOND_PLANNED_ROUNDS,
              "round " + round.round() + " of a job planned for " + planned));
    }
    if (policy.sitOutRounds().contains(round.round())) {
      reasons.add(new Reason(Rule.SITS_OUT, "policy.sit-out-rounds lists round " + round.round()));
    }
    return decision(reasons);
  }

  private List<Reason> jobReasons(JobId offered, PlannedJob job) {
    List<Reason> reasons = new ArrayList<>();
    if (!job.manifest().job().equals(offered)) {
      reasons.add(
          new Reason(
              Rule.OTHER_JOB,
              "job " + offered + " came with the manifest of " + job.manifest().job()));
    }
    if (!policy.approvedManifests().contains(job.planHash())) {
      reasons.add(
          new Reason(
              Rule.NOT_APPROVED, "policy.approved-manifests does not list " + job.planHash()));
    }
    membership(job, reasons);
    protection(job, reasons);
    String contract = job.manifest().training().data().name();
    if (!datasets.contains(contract)) {
      reasons.add(new Reason(Rule.NO_DATASET, "datasets has no entry \"" + contract + '"'));
    }
    return reasons;
  }

  private void membership(PlannedJob job, List<Reason> reasons) {
    Optional<Member> listed = job.manifest().consortium().memberBySite(self.site());
    if (listed.isEmpty()) {
      reasons.add(new Reason(Rule.NOT_A_MEMBER, "the manifest does not list " + self.site()));
    } else if (!listed.get().signingKey().equals(self.signingKey())) {
      reasons.add(
          new Reason(
              Rule.OTHER_SIGNING_KEY,
              "the manifest lists this site with the key "
                  + listed.get().signingKey()
                  + ", this site holds "
                  + self.signingKey()));
    }
    policy.requiredPeers().stream()
        .sorted()
        .filter(peer -> job.manifest().consortium().memberByKey(peer).isEmpty())
        .forEach(peer ->
            reasons.add(
                new Reason(
                    Rule.REQUIRED_PEER_MISSING,
                    "policy.required-peers names " + peer + ", which is no member")));
  }

  private void protection(PlannedJob job, List<Reason> reasons) {
    int guaranteed = job.manifest().aggregation().cohort().minimumSurvivors();
    if (guaranteed < policy.minimumCohort()) {
      reasons.add(
          new Reason(
              Rule.COHORT_BELOW_FLOOR,
              "the manifest guarantees "
                  + guaranteed
                  + " counted sites, policy.minimum-cohort is "
                  + policy.minimumCohort()));
    }
    double clipNorm = job.manifest().aggregation().encoding().clipNormL2();
    if (!(clipNorm <= policy.maximumClipNorm())) {
      reasons.add(
          new Reason(
              Rule.CLIP_NORM_TOO_LARGE,
              "clip norm "
                  + clipNorm
                  + ", policy.maximum-clip-norm is "
                  + policy.maximumClipNorm()));
    }
    if (!job.manifest().aggregation().suite().masked() && !policy.allowPlainSums()) {
      reasons.add(
          new Reason(
              Rule.PLAIN_SUM,
              "the job runs without secure aggregation, policy.allow-plain-sums is false"));
    }
  }

  private static PolicyDecision decision(List<Reason> reasons) {
    return reasons.isEmpty() ? new PolicyDecision.Allowed() : new PolicyDecision.Refused(reasons);
  }
}
