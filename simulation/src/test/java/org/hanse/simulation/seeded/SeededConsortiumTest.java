package org.hanse.simulation.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.hanse.simulation.fault.Fault;
import org.hanse.simulation.fault.FaultKind;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.wire.value.JobState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole jobs among simulated machines. A failure names its seed: {@code hanse-simulate --seed N
 * --trace} runs it again, step by step the same.
 */
class SeededConsortiumTest {
  private static final long FIXED_SEEDS = 100;

  private static @Nullable QuietLogs logs;

  @TempDir private Path directory;

  @BeforeAll
  static void silence() {
    logs = new QuietLogs("off");
  }

  @AfterAll
  static void speak() {
    Objects.requireNonNull(logs).close();
  }

  @Test
  void run_fixedSeeds_violateNothing() throws Exception {
    SeedBatch.Summary summary = new SeedBatch(1, FIXED_SEEDS, 2, 25, false).run(outcome -> {});

    assertThat(summary.outcomes()).hasSize((int) FIXED_SEEDS);
    assertThat(summary.repeated()).isEqualTo(4);
    assertThat(summary.violations()).as(() -> told(summary)).isEmpty();
    assertThat(summary.states()).containsKey("COMPLETED");
    assertThat(summary.faults()).hasSize(FaultKind.values().length);
  }

  private static String told(SeedBatch.Summary summary) {
    return summary.violations().stream()
        .map(outcome ->
            "seed %d: %s%n%s"
                .formatted(
                    outcome.seed(),
                    outcome.defect().orElseThrow(),
                    String.join(System.lineSeparator(), outcome.trace())))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void run_withoutFaults_completesWithEveryRound(long seed) {
    SeededRun.Outcome outcome = SeededRun.of(seed, FaultPlan.none());

    assertThat(outcome.defect()).isEmpty();
    assertThat(outcome.state()).contains(JobState.COMPLETED);
    assertThat(outcome.publishedRounds()).isGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void run_pausedNowAndThen_completesWithEveryRound(long seed) {
    SeededRun.Outcome outcome = SeededRun.pausing(seed, Optional.of(FaultPlan.none()), 3);

    assertThat(outcome.defect()).isEmpty();
    assertThat(outcome.state()).contains(JobState.COMPLETED);
    assertThat(outcome.publishedRounds()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void run_pausedAmongFaults_violatesNothing() {
    for (long seed = 1; seed <= 30; seed++) {
      SeededRun.Outcome outcome = SeededRun.pausing(seed, Optional.empty(), 3);

      assertThat(outcome.defect()).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void run_otherSeed_otherTrace() {
    assertThat(SeededRun.of(1, FaultPlan.none()).traceHash())
        .isNotEqualTo(SeededRun.of(2, FaultPlan.none()).traceHash());
  }

  /** Each kind, early in a round, is seen in the trace. */
  @ParameterizedTest
  @EnumSource
  void run_oneFault_happensAndViolatesNothing(FaultKind kind) {
    String target = kind.hitsSites() ? "site-1" : Fault.COORDINATOR;
    FaultPlan plan = new FaultPlan(List.of(new Fault(kind, target, 3_000, 20_000, 3)));

    SeededRun.Outcome outcome = SeededRun.of(7, plan);

    assertThat(outcome.defect()).isEmpty();
    assertThat(outcome.trace()).anyMatch(line -> line.contains("FAULT " + kind));
    assertThat(outcome.state()).contains(JobState.COMPLETED);
  }

  @Test
  void read_whatAPlanWrites_isThePlan() throws Exception {
    FaultPlan plan = FaultPlan.random(new SplittableRandom(5), 5);
    Path file = Files.writeString(directory.resolve("plan.yaml"), plan.yaml());

    assertThat(plan.faults()).isNotEmpty();
    assertThat(FaultPlan.read(file)).isEqualTo(plan);
  }
}
