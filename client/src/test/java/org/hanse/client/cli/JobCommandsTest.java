package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobCommandsTest {
  private static final String ZEROS = "00".repeat(32);
  private static final JobSummary RUNNING =
      new JobSummary(
          new JobId("digits-1"),
          "Digits",
          JobStanding.RUNNING,
          new JobSummary.Progress(3, 20),
          Hash.of(new byte[32]),
          Hash.of(new byte[32]),
          "site-2 to upload");

  @TempDir private Path directory;

  private CommandFixture hanse;

  @BeforeEach
  void open() throws IOException {
    hanse = new CommandFixture(directory);
    hanse.coordinator.setSummary(RUNNING);
  }

  @AfterEach
  void close() {
    assertThat(hanse.openConnections()).isZero();
    hanse.close();
  }

  @Test
  void show_json_isOneDocument() {
    assertThat(hanse.run("job", "show", "digits-1", "-o", "json")).isZero();

    assertThat(hanse.out())
        .isEqualTo(
            "{\"job\":\"digits-1\",\"title\":\"Digits\",\"state\":\"running\",\"publishedRounds\":3,"
                + "\"plannedRounds\":20,\"reason\":\"\",\"modelHash\":\""
                + ZEROS
                + "\",\"planHash\":\""
                + ZEROS
                + "\",\"waitingFor\":\"site-2 to upload\",\"convicted\":[]}"
                + System.lineSeparator());
    assertThat(hanse.coordinator.calls()).containsExactly("get digits-1");
  }

  @Test
  void show_failedJob_namesTheReason() {
    hanse.coordinator.setSummary(
        new JobSummary(
            RUNNING.job(),
            RUNNING.title(),
            JobStanding.of(JobState.FAILED, AbortReason.QUORUM_NOT_REACHED),
            RUNNING.progress(),
            RUNNING.modelHash(),
            RUNNING.planHash(),
            ""));

    assertThat(hanse.run("job", "show", "digits-1")).isZero();

    assertThat(hanse.out())
        .contains("failed", JsonOutput.name(AbortReason.QUORUM_NOT_REACHED), "3 of 20")
        .doesNotContain("waiting");
  }

  @Test
  void show_convictedSite_saysWhoAndWhy() {
    hanse.coordinator.setSummary(
        running(
            new JobSummary.Progress(
                3,
                20,
                List.of(new JobSummary.Convicted(new SiteId("site-3"), 2)),
                Optional.empty())));

    assertThat(hanse.run("job", "show", "digits-1")).isZero();
    assertThat(hanse.out().lines())
        .contains(
            "without      site-3: in round 2 it dealt shares of another secret than it committed"
                + " to");

    assertThat(hanse.run("job", "show", "digits-1", "-o", "json")).isZero();
    assertThat(hanse.out()).contains("\"convicted\":[{\"site\":\"site-3\",\"round\":2}]");
  }

  @Test
  void show_jobThatSelects_namesItsBestModel() {
    hanse.coordinator.setSummary(
        running(
            new JobSummary.Progress(
                3,
                20,
                List.of(),
                Optional.of(new JobSummary.Best(RUNNING.modelHash(), 2, "training-loss", 0.25)))));

    assertThat(hanse.run("job", "show", "digits-1")).isZero();
    assertThat(hanse.out().lines())
        .contains("best         " + ZEROS + ", after round 2: training-loss 0.2500");

    assertThat(hanse.run("job", "show", "digits-1", "-o", "json")).isZero();
    assertThat(hanse.out())
        .contains(
            "\"best\":{\"modelHash\":\""
                + ZEROS
                + "\",\"rounds\":2,\"metric\":\"training-loss\",\"value\":0.25}");
  }

  @Test
  void list_table_isARowForEachJob() {
    assertThat(hanse.run("job", "list")).isZero();

    assertThat(hanse.out().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("digits-1", "running", "3/20", "Digits"));
  }

  @Test
  void list_json_isAListAndJsonlALineEach() {
    assertThat(hanse.run("job", "list", "-o", "json")).isZero();
    assertThat(hanse.out()).startsWith("[{\"job\":\"digits-1\"");

    assertThat(hanse.run("job", "list", "-o", "jsonl")).isZero();
    assertThat(hanse.out()).startsWith("{\"job\":\"digits-1\"");
  }

  @Test
  void list_onceBroken_triesAgain() {
    hanse.coordinator.breakNext();
    hanse.coordinator.failNext(ErrorReason.OVERLOADED);

    assertThat(hanse.run("job", "list")).isZero();

    assertThat(hanse.coordinator.calls()).hasSize(3);
    assertThat(hanse.pausesMillis).containsExactly(200L, 400L);
  }

  @Test
  void abort_job_abortsThenShows() {
    assertThat(hanse.run("job", "abort", "digits-1", "-o", "json")).isZero();

    assertThat(hanse.coordinator.calls()).containsExactly("abort digits-1", "get digits-1");
    assertThat(hanse.out()).contains("\"state\":\"running\"");
  }

  @Test
  void abort_dryRun_abortsNothing() {
    assertThat(hanse.run("job", "abort", "digits-1", "--dry-run")).isZero();

    assertThat(hanse.coordinator.calls()).containsExactly("get digits-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "abort"})
  void order_withAWord_reachesTheCoordinatorAndShowsTheJob(String order) {
    assertThat(hanse.run("job", order, "digits-1", "--why", "new scanner")).isZero();

    assertThat(hanse.coordinator.calls())
        .containsExactly(order + " digits-1: new scanner", "get digits-1");
    assertThat(hanse.out().lines()).containsExactly("digits-1 running");
    assertThat(hanse.err()).contains("It waits for site-2 to upload.");
  }

  @Test
  void order_wordThatIsNoLine_refusedBeforeAnythingIsAsked() {
    assertThat(hanse.run("job", "pause", "digits-1", "--why", "a\nb")).isEqualTo(4);
    assertThat(hanse.run("job", "pause", "digits-1", "--why", "x".repeat(201))).isEqualTo(4);

    assertThat(hanse.coordinator.calls()).isEmpty();
  }

  @Test
  void explain_job_saysWhomItWaitsForUntilWhenAndWhatThen() {
    assertThat(hanse.run("job", "explain", "digits-1")).isZero();

    assertThat(hanse.out().lines())
        .containsExactly(
            "job          digits-1 is running",
            "waiting for  site-2 to upload",
            "until        2026-01-01T00:00:00Z",
            "then         it ends",
            "behind       other",
            "site-2       owes its answer, away since 2025-12-31T23:58:20Z");

    assertThat(hanse.run("job", "explain", "digits-1", "-o", "json")).isZero();
    assertThat(hanse.out())
        .contains(
            "\"until\":\"2026-01-01T00:00:00Z\",\"afterwards\":\"it ends\",\"behind\":[\"other\"],"
                + "\"sites\":[{\"site\":\"site-2\",\"standing\":\"owes\","
                + "\"awaySince\":\"2025-12-31T23:58:20Z\"}]");
  }

  @Test
  void show_pausedJob_saysByWhomAndWhy() {
    hanse.coordinator.setSummary(
        new JobSummary(
            RUNNING.job(),
            RUNNING.title(),
            JobStanding.pausedBy(new JobOrder("alice", "new scanner")),
            RUNNING.progress(),
            RUNNING.modelHash(),
            RUNNING.planHash(),
            "somebody to resume it"));

    assertThat(hanse.run("job", "show", "digits-1")).isZero();
    assertThat(hanse.out().lines())
        .contains("state        paused", "by           alice", "note         new scanner");

    assertThat(hanse.run("job", "show", "digits-1", "-o", "json")).isZero();
    assertThat(hanse.out()).contains("\"reason\":\"\",\"by\":\"alice\",\"note\":\"new scanner\"");
  }

  @Test
  void show_unknownJob_exits1AndPointsToTheList() {
    hanse.coordinator.failNext(ErrorReason.UNKNOWN_JOB);

    assertThat(hanse.run("job", "show", "nothing")).isEqualTo(1);

    assertThat(hanse.err()).startsWith("hanse: unknown-job").contains("Next: hanse job list");
  }

  @Test
  void show_ourBug_exits5() {
    ResearcherTools broken =
        new ResearcherTools(
            config -> {
              throw new IllegalStateException("a bug");
            },
            () -> {
              throw new IllegalStateException("a bug");
            },
            millis -> {},
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()));

    assertThat(
            ClientMain.commandLine(broken)
                .execute(
                    "job", "list", "--config", directory.resolve("researcher.yaml").toString()))
        .isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "job sumbit x | Unmatched",
        "job | Missing required subcommand",
        "jobs list | Unmatched",
        "job show | Missing required parameter",
        "job show Digits_1 | job id must be",
        "job list -o xml | xml",
        "model export digits-1 | --file",
        "client run --config x -o json | jsonl",
      })
  void badArguments_exit4WithTheHelpToAskFor(String line, String message) {
    assertThat(hanse.runExactly(line.split(" "))).isEqualTo(4);

    assertThat(hanse.err()).startsWith("hanse: bad-arguments").contains(message, "Next: hanse");
    assertThat(hanse.out()).isEmpty();
  }

  @Test
  void list_coordinatorAsksForALongerWaitThanTheLimit_endsWhenTheTimeIsUp() {
    hanse.pausesTakeTime = true;
    for (int i = 0; i < 3; i++) {
      hanse.coordinator.failNext(Refusal.overloaded("busy", Duration.ofMinutes(5)));
    }

    assertThat(hanse.run("job", "list", "--timeout", "1s")).isEqualTo(3);

    assertThat(hanse.pausesMillis).allMatch(pause -> pause <= 1_001);
  }

  @Test
  void mistypedCommand_suggestsTheRightOne() {
    assertThat(hanse.runExactly("job", "sumbit", "x")).isEqualTo(4);

    assertThat(hanse.err()).contains("did you mean \"submit\"?");

    assertThat(hanse.runExactly("job", "show", "x", "--outptu", "json")).isEqualTo(4);
    assertThat(hanse.err()).contains("--outptu").contains("did you mean --output");
  }

  @Test
  void help_everyCommand_exits0() {
    for (String command :
        new String[] {
          "", "client", "client run", "job", "job submit", "job watch", "model export"
        }) {
      assertThat(hanse.runExactly((command + " --help").trim().split(" "))).isZero();
      assertThat(hanse.out()).contains("Usage: hanse " + command);
    }
  }

  private static JobSummary running(JobSummary.Progress progress) {
    return new JobSummary(
        RUNNING.job(),
        RUNNING.title(),
        RUNNING.standing(),
        progress,
        RUNNING.modelHash(),
        RUNNING.planHash(),
        "");
  }
}
