package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.CoordinatorRestarted;
import org.hanse.simulation.demo.DemoEvent.SiteRestarted;
import org.hanse.simulation.demo.DemoEvent.Trained;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.hanse.simulation.process.Launcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProgramsTest {
  private static final SiteId SITE = new SiteId("site-1");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
  private final List<DemoEvent> reported = new ArrayList<>();

  @TempDir private Path directory;
  private Children children;
  private Programs programs;

  @BeforeEach
  void prepare() {
    children =
        new Children(
            new Launcher(directory.resolve("hanse")), directory.resolve("logs"), events::add);
    ConsortiumFiles files = new ConsortiumFiles(directory, TestScenario.small());
    programs = new Programs(children, events, files, reported::add);
  }

  @AfterEach
  void end() {
    children.close();
  }

  @Test
  void awaitCoordinator_listening_tellsItsPort() throws Exception {
    launcher(
        "echo '{\"event\":\"listening\",\"address\":\"127.0.0.1:15001\"}'; exec sleep 60",
        "exit 1",
        "exit 1");
    programs.startCoordinator();

    assertThat(programs.awaitCoordinator(LONG)).isEqualTo(15_001);
  }

  @Test
  void awaitCoordinator_diesWithAMessage_failureShowsTheEndOfItsLog() throws Exception {
    launcher("echo 'address in use' >&2; exit 1", "exit 1", "exit 1");
    programs.startCoordinator();

    assertThatThrownBy(() -> programs.awaitCoordinator(LONG))
        .isInstanceOfSatisfying(
            DemoFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure).hasMessage("coordinator ended with exit code 1.");
              assertThat(failure.details()).contains("  address in use");
            });
  }

  @Test
  void awaitCoordinator_silent_timeout() throws Exception {
    launcher("exec sleep 60", "exit 1", "exit 1");
    programs.startCoordinator();

    assertThatThrownBy(() -> programs.awaitCoordinator(Duration.ofMillis(200)))
        .isInstanceOfSatisfying(
            DemoFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.TIMEOUT));
  }

  @Test
  void runCommand_command_itsLinesOrItsFailure() throws Exception {
    launcher(
        "exec sleep 60",
        "exec sleep 60",
        "if [[ $2 == submit ]]; then echo a; echo b; else exit 1; fi");

    assertThat(programs.runCommand("submit", List.of("job", "submit"), LONG))
        .containsExactly("a", "b");
    assertThatThrownBy(() -> programs.runCommand("list", List.of("job", "list"), LONG))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("list ended with exit code 1.");
  }

  @Test
  void runCommand_noConnectionAtFirst_triedAgain() throws Exception {
    Path tries = directory.resolve("tries");
    launcher(
        "exit 1",
        "exit 1",
        "echo x >>"
            + tries
            + "; echo $(wc -l <"
            + tries
            + "); [[ $(wc -l <"
            + tries
            + ") == 3 ]] || exit 2");

    assertThat(programs.runCommand("submit", List.of("job", "submit"), LONG)).containsExactly("3");
  }

  @Test
  void runCommand_neverAConnection_failure() throws Exception {
    Path tries = directory.resolve("tries");
    launcher("exit 1", "exit 1", "echo x >>" + tries + "; exit 2");

    assertThatThrownBy(() -> programs.runCommand("submit", List.of("job", "submit"), LONG))
        .isInstanceOf(DemoFailure.class);
    assertThat(Files.readAllLines(tries)).hasSize(4);
  }

  @Test
  void next_siteKilled_startedAgainAndSaidSo() throws Exception {
    Path starts = directory.resolve("starts");
    launcher("exit 1", "echo x >>" + starts + "; exec sleep 60", "sleep 2; echo done");
    programs.startSite(SITE);
    while (!Files.exists(starts)) {
      Thread.sleep(10);
    }
    programs.kill(SITE);

    programs.runCommand("submit", List.of("job", "submit"), LONG);

    assertThat(reported).containsExactly(new SiteRestarted(SITE, 128 + 9));
    assertThat(Files.readAllLines(starts)).hasSize(2);
  }

  @Test
  void next_coordinatorKilled_startedAgainAndSaidSo() throws Exception {
    Path starts = directory.resolve("starts");
    launcher(
        "echo '{\"event\":\"listening\",\"address\":\"127.0.0.1:15001\"}'; echo x >>"
            + starts
            + "; exec sleep 60",
        "exit 1",
        "sleep 2; echo done");
    programs.startCoordinator();
    programs.awaitCoordinator(LONG);
    programs.killCoordinator();

    programs.runCommand("submit", List.of("job", "submit"), LONG);

    assertThat(reported).containsExactly(new CoordinatorRestarted(128 + 9));
    assertThat(Files.readAllLines(starts)).hasSize(2);
  }

  @Test
  void next_coordinatorThatAlwaysDies_failure() throws Exception {
    launcher(
        "echo '{\"event\":\"listening\",\"address\":\"127.0.0.1:15001\"}'; exit 5",
        "exit 1",
        "exec sleep 60");
    programs.startCoordinator();
    programs.awaitCoordinator(LONG);

    assertThatThrownBy(() -> programs.runCommand("submit", List.of("job", "submit"), LONG))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("coordinator ended with exit code 5.");
  }

  @Test
  void next_siteThatHasTrained_saidSo() throws Exception {
    launcher(
        "exit 1",
        "echo '{\"event\":\"trained\",\"job\":\"j\",\"round\":7}'; exec sleep 60",
        "sleep 2; echo done");
    programs.startSite(SITE);

    programs.runCommand("submit", List.of("job", "submit"), LONG);

    assertThat(reported).containsExactly(new Trained(7, SITE));
  }

  @Test
  void kill_oftenerThanASiteMayDieByItself_startedAgainEachTime() throws Exception {
    launcher("exit 1", "echo '{\"event\":\"connected\"}'; exec sleep 60", "exit 1");
    programs.startSite(SITE);

    for (int kills = 1; kills <= 6; kills++) {
      programs.awaitConnected(List.of(SITE), LONG);
      programs.kill(SITE);
    }
    programs.awaitConnected(List.of(SITE), LONG);

    assertThat(reported).hasSize(6).containsOnly(new SiteRestarted(SITE, 128 + 9));
    assertThat(programs.died()).isEmpty();
  }

  @Test
  void awaitConnected_siteThatOnlyTries_timeout() throws Exception {
    launcher("exit 1", "echo '{\"event\":\"disconnected\"}'; exec sleep 60", "exit 1");
    programs.startSite(SITE);

    assertThatThrownBy(() -> programs.awaitConnected(List.of(SITE), Duration.ofMillis(500)))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("waited too long for every site to connect.");
  }

  @Test
  void next_siteThatAlwaysDies_failure() throws Exception {
    launcher("exit 1", "echo broken >&2; exit 5", "exec sleep 60");
    programs.startSite(SITE);

    assertThatThrownBy(() -> programs.next(Instant.now().plus(LONG), "the end"))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("site-1 ended with exit code 5.");
    assertThat(reported).hasSize(5);
    assertThat(programs.died()).containsExactly(SITE);
  }

  @Test
  void next_stoppedFromOutside_saysNothingOfTheDead() throws Exception {
    launcher("exec sleep 60", "exec sleep 60", "exit 0");
    programs.startCoordinator();
    programs.startSite(SITE);
    Thread stop = Thread.ofPlatform().start(children::close);

    assertThatThrownBy(() -> programs.next(Instant.now().plus(LONG), "the end"))
        .isInstanceOf(InterruptedException.class);
    stop.join();
    assertThat(reported).isEmpty();
  }

  private void launcher(String coordinator, String site, String command) throws IOException {
    TestLauncher.write(directory, coordinator, site, command);
  }
}
