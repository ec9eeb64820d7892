package org.hanse.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.Turns;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobExplanation.Standing;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.Test;

/** Eight members, one of them convicted. */
class ExplanationTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(8));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<SigningKey> keys = JOB.sites().stream().map(site -> site.key()).toList();
  private final RoundMachine machine =
      new RoundMachine(
          new AggregationMachine(JOB.manifest(), JOB.planHash(), JOB.coordinator().key()));
  private final RoundPlan plan =
      new RoundPlan(
          new RoundId(JOB.manifest().job(), 1),
          new RoundPlan.ModelUnderTraining(
              JOB.manifest(), JOB.planHash(), JOB.manifest().training().initialModelHash()),
          Optional.empty(),
          Set.of(fingerprint(7)),
          Resumption.NONE,
          new RoundPlan.Patience(Duration.ofSeconds(30), Duration.ofSeconds(5)));
  private RoundState state = machine.open(plan, Map.of(), NOW).next();

  @Test
  void training_eachSiteHasItsOwnStanding() {
    for (int site = 0; site < 7; site++) {
      event(new RoundEvent.SiteCame(fingerprint(site), NOW));
    }
    trained(0);
    event(new RoundEvent.SiteWent(fingerprint(1), NOW.plusSeconds(3)));
    event(new RoundEvent.TrainingDeclined(plan.round(), fingerprint(2), DeclineReason.DATA, NOW));
    JobExplanation explanation = explain(JobStanding.RUNNING, Optional.empty());

    assertThat(explanation.untilMillis())
        .contains(((RoundState.Training) state).deadline().toEpochMilli());
    assertThat(explanation.afterwards()).contains("at least 5");
    assertThat(standing(explanation, 0)).isEqualTo(Standing.READY);
    assertThat(standing(explanation, 1)).isEqualTo(Standing.EXPECTED);
    assertThat(standing(explanation, 2)).isEqualTo(Standing.OUT);
    assertThat(standing(explanation, 7)).isEqualTo(Standing.CONVICTED);
    assertThat(site(explanation, 1).awaySinceMillis()).contains(NOW.plusSeconds(3).toEpochMilli());
    assertThat(site(explanation, 0).awaySinceMillis()).isEmpty();
  }

  @Test
  void attempt_whoOwesAnAnswerAndWhoIsNotInIt() {
    for (int site = 0; site < 7; site++) {
      event(new RoundEvent.SiteCame(fingerprint(site), NOW));
    }
    for (int site = 0; site < 6; site++) {
      trained(site);
    }
    event(new RoundEvent.SiteWent(fingerprint(6), NOW));
    event(new RoundEvent.TimePassed(NOW.plusSeconds(31)));
    assertThat(state).isInstanceOf(RoundState.Aggregating.class);
    JobExplanation explanation = explain(JobStanding.RUNNING, Optional.empty());

    assertThat(standing(explanation, 0)).isEqualTo(Standing.OWES);
    assertThat(standing(explanation, 6)).isEqualTo(Standing.LEFT_OUT);
  }

  @Test
  void pending_queuedSaysWhoHasTheSites_pausedUntilWhen() {
    state = machine.pending(plan, Map.of(), NOW);
    Turns.Obstacle obstacle =
        new Turns.Obstacle(Set.of(new SiteId("site-1")), Set.of(new JobId("other")), 0);

    JobExplanation queued = explain(JobStanding.QUEUED, Optional.of(obstacle));
    assertThat(queued.jobs()).containsExactly(new JobId("other"));
    assertThat(queued.untilMillis()).isEmpty();

    JobExplanation paused =
        explain(JobStanding.pausedBy(new JobOrder("alice", "")), Optional.of(obstacle));
    assertThat(paused.jobs()).isEmpty();
    assertThat(paused.untilMillis()).contains(NOW.plusSeconds(60).toEpochMilli());
    assertThat(paused.afterwards()).contains("fails");
  }

  private JobExplanation explain(JobStanding standing, Optional<Turns.Obstacle> obstacle) {
    JobSummary summary =
        new JobSummary(
            JOB.manifest().job(),
            "title",
            standing,
            new JobSummary.Progress(0, 1),
            JOB.planHash(),
            JOB.planHash(),
            "");
    return Explanation.of(summary, state, obstacle, Optional.of(NOW.plusSeconds(60)));
  }

  private Standing standing(JobExplanation explanation, int site) {
    return site(explanation, site).standing();
  }

  private JobExplanation.SiteStanding site(JobExplanation explanation, int site) {
    return explanation.sites().stream()
        .filter(known -> known.site().equals(plan.siteOf(fingerprint(site))))
        .findFirst()
        .orElseThrow();
  }

  private void trained(int site) {
    SigningKey key = keys.get(site);
    event(
        new RoundEvent.TrainingFinished(
            plan.round(),
            key.fingerprint(),
            new CertifiedKey(
                new RosterEntry(key.fingerprint(), key.publicKey()),
                Bytes.of(key.publicKey().toByteArray()),
                Instant.MAX),
            NOW));
  }

  private void event(RoundEvent event) {
    state = machine.handle(state, event).next();
  }

  private Fingerprint fingerprint(int site) {
    return keys.get(site).fingerprint();
  }
}
