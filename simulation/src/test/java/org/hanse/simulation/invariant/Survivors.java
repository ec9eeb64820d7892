package org.hanse.simulation.invariant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.ToSite;
import org.hanse.simulation.consortium.Facts;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/** Whose updates an attempt counts, as the sites were told; no rule by itself. */
final class Survivors implements Facts {
  private final Map<AttemptId, List<Fingerprint>> byAttempt = new HashMap<>();

  @Override
  public void given(SiteId site, Work work) {
    if (work.content() instanceof WorkContent.Step(ToSite.Survivors(var told))) {
      byAttempt.putIfAbsent(work.attempt(), told.stream().map(ToSite.Survivor::site).toList());
    }
  }

  Optional<List<Fingerprint>> of(AttemptId attempt) {
    return Optional.ofNullable(byAttempt.get(attempt));
  }
}
