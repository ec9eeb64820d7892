package org.hanse.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hanse.simulation.process.ChildEvent.Ended;
import org.hanse.simulation.process.ChildEvent.Line;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ChildrenTest {
  private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();

  @TempDir private Path directory;
  private Children children;

  @BeforeEach
  void prepare() throws IOException {
    // Stands for the launcher: runs its first argument as a shell command.
    Path script = directory.resolve("launcher");
    Files.writeString(script, "#!/usr/bin/env bash\neval \"$1\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    children = new Children(new Launcher(script), directory.resolve("logs"), events::add);
  }

  @AfterEach
  void end() {
    children.close();
  }

  @Test
  void start_linesThenEnd_allDeliveredInOrder() throws Exception {
    Child child = children.start("one", List.of("echo a; echo b; exit 3"));

    assertThat(untilEnded())
        .containsExactly(new Line(child, "a"), new Line(child, "b"), new Ended(child, 3));
  }

  @Test
  void start_standardError_goesToTheLog() throws Exception {
    Child child = children.start("one", List.of("for i in 1 2 3; do echo $i >&2; done"));
    untilEnded();

    assertThat(child.logTail(2)).containsExactly("2", "3");
    assertThat(children.start("one", List.of("echo 4 >&2")).name()).isEqualTo("one");
    untilEnded();
    assertThat(child.logTail(10)).containsExactly("1", "2", "3", "4");
  }

  @Test
  void start_environment_noBuildAndOneThread() throws Exception {
    Child child = children.start("one", List.of("echo $HANSE_BUILD $OMP_NUM_THREADS"));

    assertThat(untilEnded()).startsWith(new Line(child, "never 1"));
  }

  @Test
  void kill_running_endsWithItsSignal() throws Exception {
    Child child = children.start("one", List.of("exec sleep 60"));
    child.kill();

    assertThat(untilEnded()).containsExactly(new Ended(child, 128 + 9));
  }

  @Test
  void close_childrenThatIgnoreTheRequest_allEnd() throws Exception {
    Child willing = children.start("willing", List.of("exec sleep 60"));
    Child stubborn =
        children.start(
            "stubborn", List.of("trap '' TERM; echo ready; while true; do sleep 0.1; done"));
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new Line(stubborn, "ready"));

    children.close();

    for (Child child : List.of(willing, stubborn)) {
      assertThat(child.running()).isFalse();
      assertThat(ProcessHandle.of(child.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void start_afterClose_refused() {
    children.close();

    assertThatThrownBy(() -> children.start("late", List.of("true")))
        .isInstanceOf(InterruptedException.class);
  }

  private List<ChildEvent> untilEnded() throws InterruptedException {
    List<ChildEvent> seen = new ArrayList<>();
    do {
      ChildEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("after %s", seen).isNotNull();
      seen.add(event);
    } while (!(seen.getLast() instanceof Ended));
    return seen;
  }
}
