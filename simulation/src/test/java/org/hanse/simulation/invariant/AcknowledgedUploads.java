package org.hanse.simulation.invariant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/**
 * An update whose upload was acknowledged is counted if its attempt is, unless its site has left;
 * and an attempt has one set of survivors, whoever asks.
 */
final class AcknowledgedUploads implements Facts {
  private static final String RULE = "acknowledged updates are never lost";

  private final World world;
  private final Charter charter;
  private final Survivors survivors;
  private final Map<AttemptId, Set<SiteId>> acknowledged = new HashMap<>();
  private final Map<AttemptId, Set<SiteId>> left = new HashMap<>();

  AcknowledgedUploads(World world, Charter charter, Survivors survivors) {
    this.world = world;
    this.charter = charter;
    this.survivors = survivors;
  }

  @Override
  public void uploadAcknowledged(SiteId site, AttemptId attempt) {
    acknowledged.computeIfAbsent(attempt, a -> new HashSet<>()).add(site);
    survivors.of(attempt).ifPresent(counted -> check(attempt, counted));
  }

  @Override
  public void sending(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Withdrawal
        || message.message() instanceof FromSite.Complaint) {
      left.computeIfAbsent(message.attempt(), a -> new HashSet<>()).add(site);
    }
  }

  @Override
  public void given(SiteId site, Work work) {
    if (work.content() instanceof WorkContent.Step(ToSite.Survivors(var told))) {
      List<Fingerprint> counted = told.stream().map(ToSite.Survivor::site).toList();
      if (!survivors.of(work.attempt()).orElseThrow().equals(counted)) {
        world.fail(RULE, work.attempt() + " has two sets of survivors", null);
      }
      check(work.attempt(), counted);
    }
  }

  private void check(AttemptId attempt, List<Fingerprint> counted) {
    for (SiteId site : acknowledged.getOrDefault(attempt, Set.of())) {
      if (!counted.contains(charter.fingerprint(site))
          && !left.getOrDefault(attempt, Set.of()).contains(site)) {
        world.fail(RULE, "the upload of %s in %s".formatted(site, attempt), null);
      }
    }
  }
}
