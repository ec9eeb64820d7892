package org.hanse.client.agent;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.client.policy.PolicyDecision.Reason;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.client.policy.PolicyGate;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.Contexts;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.ManifestCodec;

/** One job's manifest, and what the policy says about it now. For one thread. */
final class JobApproval {
  private final JobId job;
  private final Site site;
  private final CoordinatorLink link;
  private Optional<PlannedJob> plan = Optional.empty();

  JobApproval(JobId job, Site site, CoordinatorLink link) {
    this.job = job;
    this.site = site;
    this.link = link;
  }

  /** The manifest, once it was read. */
  Optional<PlannedJob> plan() {
    return plan;
  }

  /**
   * Decides about a round.
   *
   * @param namedPlan the hash that the coordinator named; the manifest that it gives must have it
   */
  PolicyDecision decide(RoundId round, Optional<Hash> namedPlan, Patience patience)
      throws GaveUpException, InterruptedException, IOException {
    try {
      PlannedJob read = plan.isPresent() ? plan.get() : fetch(patience);
      if (namedPlan.isPresent() && !namedPlan.get().equals(read.planHash())) {
        return unusable(
            "the coordinator names plan " + namedPlan.get() + " and gives " + read.planHash());
      }
      plan = Optional.of(read);
      return new PolicyGate(site.identity(), site.policy().get(), site.datasets().keySet())
          .decide(round, read);
    } catch (CoordinatorException | MalformedMessageException e) {
      return unusable(String.valueOf(e.getMessage()));
    }
  }

  private PlannedJob fetch(Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Bytes exactBytes = link.call(patience, coordinator -> coordinator.manifest(job));
    return new PlannedJob(ManifestCodec.decode(exactBytes), Contexts.planHash(exactBytes));
  }

  private static PolicyDecision unusable(String explanation) {
    return new PolicyDecision.Refused(List.of(new Reason(Rule.NO_MANIFEST, explanation)));
  }
}
