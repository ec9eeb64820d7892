package org.hanse.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.wire.value.JobStanding;
import org.junit.jupiter.api.Test;

/** Eight members, one of them convicted; an attempt takes at least five. */
class WaitingTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(8));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Fingerprint> sites =
      JOB.sites().stream().map(site -> site.key().fingerprint()).toList();
  private final RoundMachine machine =
      new RoundMachine(
          new AggregationMachine(JOB.manifest(), JOB.planHash(), JOB.coordinator().key()));
  private RoundState state =
      machine
          .open(
              new RoundPlan(
                  new RoundId(JOB.manifest().job(), 1),
                  new RoundPlan.ModelUnderTraining(
                      JOB.manifest(), JOB.planHash(), JOB.manifest().training().initialModelHash()),
                  Optional.empty(),
                  Set.of(sites.getLast()),
                  Resumption.NONE,
                  new RoundPlan.Patience(Duration.ofSeconds(30), Duration.ofSeconds(5))),
              Map.of(),
              NOW)
          .next();

  @Test
  void describe_recruiting_convictedMemberDoesNotCount() {
    came(sites.getLast());
    came(sites.getFirst());

    assertThat(describe())
        .startsWith("round 1: 1 of at least 5 sites connected, until 2026-01-01T");
  }

  @Test
  void describe_training_convictedMemberIsNotWaitedFor() {
    sites.forEach(this::came);

    assertThat(describe()).startsWith("round 1: 0 of 7 sites ready, until 2026-");
  }

  private String describe() {
    return Waiting.describe(JobStanding.RUNNING, state, Optional.empty());
  }

  private void came(Fingerprint site) {
    state = machine.handle(state, new RoundEvent.SiteCame(site, NOW)).next();
  }
}
