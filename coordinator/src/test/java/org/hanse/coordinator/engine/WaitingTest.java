package org.hanse.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.Turns;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
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

  @Test
  void describe_sitesInJobsOfOthers_saysHowManyAndNotWhich() {
    state = machine.pending(state.plan(), Map.of(), NOW);
    Turns.Obstacle own =
        new Turns.Obstacle(Set.of(new SiteId("site-1")), Set.of(new JobId("mine")), 2);
    Turns.Obstacle foreign = new Turns.Obstacle(Set.of(new SiteId("site-1")), Set.of(), 2);

    assertThat(Waiting.describe(JobStanding.QUEUED, state, Optional.of(own)))
        .isEqualTo("its turn: 1 of its sites are taken by mine and 2 more");
    assertThat(Waiting.describe(JobStanding.QUEUED, state, Optional.of(foreign)))
        .isEqualTo("its turn: 1 of its sites are taken by 2 of other users");
  }

  private String describe() {
    return Waiting.describe(JobStanding.RUNNING, state, Optional.empty());
  }

  private void came(Fingerprint site) {
    state = machine.handle(state, new RoundEvent.SiteCame(site, NOW)).next();
  }
}
