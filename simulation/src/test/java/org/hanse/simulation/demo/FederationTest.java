package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoEvent.RoundFellShort;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.hanse.simulation.process.Launcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The course of a job of five sites, in which site-2 sits out round 2. */
@Timeout(60)
class FederationTest {
  private static final String CONNECTED = "echo '{\"event\":\"connected\"}'; exec sleep 60";
  private static final String SUBMIT =
      "echo '{\"job\":\"breast-cancer-seed-7\",\"planHash\":\"abcd\"}'";

  private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
  private final List<DemoEvent> reported = new ArrayList<>();

  @TempDir private Path directory;
  private Children children;
  private Federation federation;

  @BeforeEach
  void prepare() throws IOException {
    Scenario scenario =
        TestScenario.of(
            Suite.FLSA1,
            new Disturbances(
                List.of(), List.of(Disturbance.parse("site-2@round-2")), Optional.empty()));
    ConsortiumFiles files = new ConsortiumFiles(directory, scenario);
    files.write();
    children =
        new Children(
            new Launcher(directory.resolve("hanse")), directory.resolve("logs"), events::add);
    Programs programs = new Programs(children, events, files, reported::add);
    federation =
        new Federation(
            scenario,
            files,
            programs,
            new UploadBreaker(List.of(), 20_000, Duration.ofSeconds(1)),
            reported::add);
  }

  @AfterEach
  void end() {
    children.close();
  }

  @Test
  void run_oneSiteStartsSlowly_jobWaitsForIt() throws Exception {
    rounds(5, 4, 5);
    launcher(
        "[[ $4 != *site-4* ]] || sleep 1; echo x >>started; " + CONNECTED,
        "[[ $(wc -l <started) == 5 ]] && " + SUBMIT,
        "cat watched");

    federation.run();

    assertThat(reported.stream().filter(RoundFellShort.class::isInstance)).isEmpty();
  }

  @Test
  void run_jobIsNotFollowedYet_nobodyApprovesIt() throws Exception {
    rounds(5, 4, 5);
    launcher(
        CONNECTED, SUBMIT, "grep -q abcd site-1/client.yaml && touch approved-early; cat watched");

    federation.run();

    assertThat(directory.resolve("approved-early")).doesNotExist();
    assertThat(directory.resolve("site-1/client.yaml")).content().contains("abcd");
  }

  @Test
  void run_roundCountsFewerThoughNobodyDied_failure() throws Exception {
    rounds(4);
    launcher(CONNECTED, SUBMIT, "cat watched");

    assertThatThrownBy(federation::run)
        .isInstanceOf(DemoFailure.class)
        .hasMessage("round 1 counted 4 sites, and not the 5 that it should have.");
  }

  @Test
  void run_absentSiteIsCounted_failure() throws Exception {
    rounds(5, 5);
    launcher(CONNECTED, SUBMIT, "cat watched");

    assertThatThrownBy(federation::run)
        .isInstanceOf(DemoFailure.class)
        .hasMessage("round 2 counted 5 sites, and not the 4 that it should have.");
  }

  @Test
  void run_roundGivesNoModelThoughNobodyDied_failure() throws Exception {
    rounds(5, 0, 5);
    launcher(CONNECTED, SUBMIT, "cat watched");

    assertThatThrownBy(federation::run)
        .isInstanceOf(DemoFailure.class)
        .hasMessage("round 2 counted 0 sites, and not the 4 that it should have.");
  }

  @Test
  void run_roundCountsFewerAndASiteDied_goesOnAndSaysSo() throws Exception {
    rounds(5, 4, 4);
    launcher(
        "if [[ $4 == *site-3* ]]; then [[ -e died ]] || { touch died; exit 9; }; touch back; fi; "
            + CONNECTED,
        SUBMIT,
        "until [[ -e back ]]; do sleep 0.02; done; cat watched");

    federation.run();

    assertThat(reported).contains(new RoundFellShort(3, 4, 5, List.of(new SiteId("site-3"))));
  }

  /** What {@code job watch} prints: sites counted, round after round; none where a model lacks. */
  private void rounds(int... counted) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < counted.length; i++) {
      if (counted[i] > 0) {
        lines.add("{\"event\":\"round\",\"round\":%d,\"sites\":%d}".formatted(i + 1, counted[i]));
      }
    }
    Files.write(directory.resolve("watched"), lines);
  }

  private void launcher(String site, String submit, String watch) throws IOException {
    TestLauncher.write(
        directory,
        "echo '{\"event\":\"listening\",\"address\":\"127.0.0.1:15000\"}'; exec sleep 60",
        site,
        "case $2 in submit) %s ;; watch) %s ;; esac".formatted(submit, watch));
  }
}
