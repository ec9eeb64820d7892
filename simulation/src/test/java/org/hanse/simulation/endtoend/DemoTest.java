package org.hanse.simulation.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole product at once: real processes, real TLS, real training, real data. */
@Tag("slow")
class DemoTest {
  private static final String[] SMALL = {"--rounds", "2", "--seed", "3"};

  @TempDir private static Path place;

  /** Five sites, two rounds, all files kept. */
  private static DemoRun whole;

  @BeforeAll
  static void runWhole() throws Exception {
    whole = start(SMALL, "--keep", place.resolve("whole").toString()).finish();
  }

  @Test
  void demo_smallRun_countsAllSitesAndComparesModels() throws Exception {
    assertThat(whole.exitCode()).as(whole.standardError()).isZero();
    assertThat(whole.events("round"))
        .extracting(line -> line.path("round").asInt(), line -> line.path("sites").asInt())
        .containsExactly(tuple(1, 5), tuple(2, 5));
    JsonNode end = whole.lastLine();
    assertThat(end.path("event").asText()).isEqualTo("finished");
    assertThat(end.path("job").asText()).isEqualTo("digits-seed-3");
    assertThat(end.path("sites").asInt()).isEqualTo(5);
    assertThat(end.path("rounds").asInt()).isEqualTo(2);
    assertThat(end.path("secureAggregation").asBoolean()).isTrue();
    // Ten digits: guessing gives 0.1. A site that sees six of them cannot pass 0.6 by much.
    assertThat(end.at("/global/accuracy").asDouble()).isBetween(0.2, 1.0);
    assertThat(end.at("/pooled/accuracy").asDouble()).isBetween(0.5, 1.0);
    assertThat(end.at("/bestSite/accuracy").asDouble()).isBetween(0.2, 0.7);
    assertThat(end.path("modelSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(whole.standardError()).doesNotContain("SECURE AGGREGATION IS OFF");
    assertNothingLeft(whole);
  }

  /** Rounded more coarsely: another model, nearly as good, from uploads of half the size. */
  @Test
  void demo_narrowRing_learnsAsWellFromHalfTheBytes() throws Exception {
    DemoRun run = start(SMALL, "--ring-bits", "16").finish();

    assertThat(run.exitCode()).as(run.standardError()).isZero();
    assertThat(run.events("round"))
        .extracting(line -> line.path("sites").asInt())
        .containsExactly(5, 5);
    assertThat(run.lastLine().path("secureAggregation").asBoolean()).isTrue();
    assertThat(model(run)).isNotEqualTo(model(whole));
    double difference =
        run.lastLine().at("/global/accuracy").asDouble()
            - whole.lastLine().at("/global/accuracy").asDouble();
    assertThat(difference).isBetween(-0.05, 0.05);
    assertNothingLeft(run);
  }

  @Test
  void demo_sameSeedAndASiteKilledBeforeItsFirstRound_sameModel() throws Exception {
    DemoRun run = start(SMALL);
    ProcessHandle site = run.child("site-3/client.yaml");
    site.destroyForcibly();
    run.finish();

    assertThat(run.exitCode()).as(run.standardError()).isZero();
    assertThat(run.events("restarted"))
        .singleElement()
        .matches(line -> line.path("site").asText().equals("site-3"));
    assertThat(model(run)).isEqualTo(model(whole));
    assertNothingLeft(run);
  }

  @Test
  void demo_siteKilledInItsUpload_sameModelAsIfItHadSatOut() throws Exception {
    DemoRun broken = start(SMALL, "--break", "site-2@round-1").finish();
    DemoRun absent = start(SMALL, "--absent", "site-2@round-1").finish();

    for (DemoRun run : List.of(broken, absent)) {
      assertThat(run.exitCode()).as(run.standardError()).isZero();
      assertThat(run.events("round"))
          .extracting(line -> line.path("sites").asInt())
          .containsExactly(4, 5);
      assertNothingLeft(run);
    }
    assertThat(broken.events("killed")).hasSize(1);
    assertThat(broken.events("restarted")).hasSize(1);
    assertThat(absent.events("restarted")).isEmpty();
    assertThat(model(broken)).isEqualTo(model(absent)).isNotEqualTo(model(whole));
    // It did not wait for the upload's deadline of ten minutes, nor for the site's lease of 30 s.
    assertThat(broken.events("round").getFirst().path("seconds").asDouble()).isLessThan(25);
  }

  @Test
  void demo_coordinatorKilledWhileUpdatesComeIn_sameModelAndNobodyTrainsTwice() throws Exception {
    DemoRun run = start(SMALL, "--break", "coordinator@round-1").finish();

    assertThat(run.exitCode()).as(run.standardError()).isZero();
    assertThat(run.events("coordinator-killed")).hasSize(1);
    assertThat(run.events("coordinator-restarted")).hasSize(1);
    assertThat(model(run)).isEqualTo(model(whole));
    assertThat(run.events("trained"))
        .extracting(line -> line.path("site").asText() + " in " + line.path("round").asInt())
        .doesNotHaveDuplicates()
        .hasSize(10);
    assertNothingLeft(run);
  }

  @Test
  void demo_coordinatorKilledBySomebodyElse_startedAgainAndSaidSo() throws Exception {
    DemoRun run = start(SMALL);
    run.child("coordinator.yaml").destroyForcibly();
    run.finish();

    assertThat(run.exitCode()).as(run.standardError()).isZero();
    assertThat(run.events("coordinator-restarted"))
        .singleElement()
        .matches(line -> line.path("exitCode").asInt() == 137);
    assertThat(model(run)).isEqualTo(model(whole));
    assertNothingLeft(run);
  }

  @Test
  void demo_terminatedWhileItStarts_saysSoAndLeavesNothing() throws Exception {
    DemoRun run = start(SMALL);
    run.child("site-1/client.yaml");
    run.terminate();
    run.finish();

    assertStopped(run);
  }

  @Test
  void demo_terminatedInARound_saysSoAndLeavesNothing() throws Exception {
    DemoRun run = start(SMALL);
    run.finish(line -> {
      if (line.path("stage").asText().equals("train")) {
        run.terminate();
      }
    });

    assertStopped(run);
  }

  @Test
  void demo_attack_refusedByTheSitesAndLeavesNothing() throws Exception {
    DemoRun run = DemoRun.start(place, "--attack", "lower-threshold").finish();

    assertThat(run.exitCode()).as(run.standardError()).isZero();
    assertThat(run.lastLine())
        .hasToString(
            """
            {"event":"attack","name":"lower-threshold","refused":true,"by":"site-2","check":"QUORUM_INVALID"}\
            """);
    assertNothingLeft(run);
  }

  @Test
  void demo_terminatedInAnAttack_saysSoAndLeavesNothing() throws Exception {
    DemoRun run = DemoRun.start(place, "--attack", "forge-sum");
    run.finish(line -> {
      if (line.path("event").asText().equals("lied")) {
        run.terminate();
      }
    });

    assertStopped(run);
  }

  @Test
  void demo_unknownAttackOrOneWithOtherOptions_saidInWords() throws Exception {
    DemoRun unknown = DemoRun.start(place, "--attack", "bribe").finish();
    DemoRun mixed = DemoRun.start(place, "--attack", "forge-sum", "--sites", "5").finish();

    assertThat(unknown.exitCode()).isEqualTo(4);
    assertThat(unknown.standardError())
        .contains("there is no attack \"bribe\"; there are replace-key, partition,")
        .doesNotContain("java.");
    assertThat(mixed.exitCode()).isEqualTo(4);
    assertThat(mixed.standardError()).contains("leave out --sites");
  }

  @Test
  void demo_argumentsThatCannotBe_saidBeforeAnythingStarts() throws Exception {
    DemoRun run = DemoRun.start(place, "--sites", "4", "--absent", "site-9@round-1").finish();

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.standardError()).contains("site-9@round-1: the sites are site-1 to site-4");
    assertThat(run.seenProcesses()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--ring-bits 24                         | --ring-bits must be 32 or 16, not 24",
        "--ring-bits 16 --no-secure-aggregation | --no-secure-aggregation goes with neither",
        "--post-quantum --no-secure-aggregation | --no-secure-aggregation goes with neither",
        "--ring-bits 16 --attack forge-sum      | leave out --ring-bits"
      })
  void demo_ringThatCannotBe_saidBeforeAnythingStarts(String arguments, String problem)
      throws Exception {
    DemoRun run = DemoRun.start(place, arguments.split(" ", -1)).finish();

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.standardError()).contains(problem);
    assertThat(run.seenProcesses()).isZero();
  }

  private static DemoRun start(String[] common, String... more) throws Exception {
    return DemoRun.start(
        place, Stream.concat(Stream.of(common), Stream.of(more)).toArray(String[]::new));
  }

  private static void assertNothingLeft(DemoRun run) throws Exception {
    assertThat(run.seenProcesses()).isPositive();
    assertThat(run.leftProcesses()).isEmpty();
    assertThat(run.leftDirectories()).isEmpty();
  }

  private static void assertStopped(DemoRun run) throws Exception {
    assertThat(run.exitCode()).isEqualTo(128 + 15);
    assertThat(run.standardError()).isEqualTo("hanse: stopped; every process has ended.\n");
    assertThat(run.events("finished")).isEmpty();
    assertNothingLeft(run);
  }

  private static String model(DemoRun run) {
    return run.lastLine().path("modelSha256").asText();
  }
}
