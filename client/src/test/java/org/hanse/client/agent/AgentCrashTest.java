package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.client.agent.FakeConnection.Moment;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies between any two steps and starts again with what is on its disk. */
class AgentCrashTest {
  private static final TestJob.Options TWO_ROUNDS = TestJob.Options.DEFAULT.rounds(2);

  @TempDir private Path directory;

  /** A moment at which the site's process could die. */
  private record Point(String call, Moment moment) {}

  @Test
  void restart_afterCrashAtEveryStep_keepsEveryPromise() throws Exception {
    List<Point> points = pointsOfAWholeJob();
    assertThat(points).hasSizeGreaterThan(40);
    for (int i = 0; i < points.size(); i++) {
      crashAndRestart(points, i);
    }
  }

  private List<Point> pointsOfAWholeJob() throws Exception {
    AgentFixture fixture = new AgentFixture(new TestJob(TWO_ROUNDS), directory.resolve("trace"));
    List<Point> points = new ArrayList<>();
    try {
      fixture.start((call, moment) -> {
        if (!call.equals("nextWork")) {
          synchronized (points) {
            points.add(new Point(call, moment));
          }
        }
      });
      fixture.awaitJobEnd();
    } finally {
      fixture.stopAll();
    }
    return points;
  }

  private void crashAndRestart(List<Point> points, int index) throws Exception {
    Point point = points.get(index);
    long occurrence = points.subList(0, index + 1).stream().filter(point::equals).count();
    AgentFixture fixture =
        new AgentFixture(new TestJob(TWO_ROUNDS), directory.resolve("crash-" + index));
    long[] seen = {0};
    try {
      AgentFixture.Running first =
          fixture.start((call, moment) -> {
            synchronized (seen) {
              if (new Point(call, moment).equals(point) && ++seen[0] == occurrence) {
                throw new SimulatedCrash(point + " number " + occurrence);
              }
            }
          });
      Optional<Throwable> end = first.awaitEnd();
      assertThat(end).as("%s", point).containsInstanceOf(SimulatedCrash.class);
      if (!fixture.consortium.ended()) {
        fixture.start();
        fixture.await("end of the job after " + point, fixture.consortium::ended);
      }
      assertPromisesKept(fixture, point);
    } finally {
      fixture.stopAll();
    }
  }

  private static void assertPromisesKept(AgentFixture fixture, Point point) {
    // Nothing is trained twice.
    assertThat(fixture.trainer.seeds).as("trainings, %s", point).doesNotHaveDuplicates();
    // One set of keys in an attempt, one release in a round, all attempts and restarts together.
    SiteAgentTest.assertSaidOnce(fixture);
    Set<RoundId> released = new HashSet<>();
    for (Map.Entry<AttemptId, List<FromSite>> said : fixture.consortium.fromAgent.entrySet()) {
      if (said.getValue().stream().anyMatch(FromSite.Release.class::isInstance)) {
        assertThat(released.add(said.getKey().round())).as("releases, %s", point).isTrue();
      }
    }
    // A crash costs at most the round it happened in.
    assertThat(fixture.consortium.countedAgent).as("counted, %s", point).isNotEmpty();
    assertThat(fixture.consortium.published).hasSize(2);
  }

  @Test
  void restart_savedUpdateDamaged_sitsTheRoundOutAndNeverTrainsAgain() throws Exception {
    AgentFixture fixture = new AgentFixture(new TestJob(TWO_ROUNDS), directory.resolve("state"));
    try {
      AgentFixture.Running first =
          fixture.start((call, moment) -> {
            if (call.equals("report") && moment == Moment.BEFORE) {
              throw new SimulatedCrash("before the report");
            }
          });
      assertThat(first.awaitEnd()).containsInstanceOf(SimulatedCrash.class);
      Path saved;
      try (Stream<Path> files = Files.list(fixture.stateDirectory().resolve("updates"))) {
        saved = files.findFirst().orElseThrow();
      }
      byte[] content = Files.readAllBytes(saved);
      content[content.length - 1] ^= 1;
      Files.write(saved, content);
      fixture.start();
      fixture.awaitJobEnd();
      assertThat(fixture.events.starting("refused job-1/1 UPDATE_INVALID")).hasSize(1);
      assertThat(fixture.trainer.seeds).hasSize(2).doesNotHaveDuplicates();
      assertThat(fixture.consortium.countedAgent)
          .extracting(id -> id.round().round())
          .containsExactly(2L);
    } finally {
      fixture.stopAll();
    }
  }

  @Test
  void restart_inTheMiddleOfAnAttempt_withdrawsFromItAtOnce() throws Exception {
    AgentFixture fixture = new AgentFixture(new TestJob(TWO_ROUNDS), directory.resolve("state"));
    try {
      AgentFixture.Running first =
          fixture.start((call, moment) -> {
            if (call.equals("upload:commit") && moment == Moment.BEFORE) {
              throw new SimulatedCrash("in the upload");
            }
          });
      assertThat(first.awaitEnd()).containsInstanceOf(SimulatedCrash.class);
      fixture.start();
      fixture.awaitJobEnd();
      AttemptId joined = new AttemptId(new RoundId(TestJob.ID, 1), 0);
      assertThat(fixture.consortium.fromAgent.get(joined))
          .anyMatch(FromSite.Withdrawal.class::isInstance)
          .noneMatch(FromSite.Release.class::isInstance);
    } finally {
      fixture.stopAll();
    }
  }
}
