package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hanse.coordinator.testing.LogRecorder;
import org.hanse.coordinator.testing.RequestRecorder;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.JobMessages;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of a whole round: no message to the coordinator, no line of its log and no file of its holds a
 * site's update, weight, loss or count of examples. The same round without secure aggregation shows
 * that they would be found.
 */
class CoordinatorSeesNothingTest {
  private static final JobId JOB = new JobId("job-1");
  private static final RoundId ROUND_1 = new RoundId(JOB, 1);

  @TempDir private Path directory;

  /** What the coordinator got, wrote and logged, and what the sites kept to themselves. */
  private record Seen(List<byte[]> messages, List<byte[]> files, String log, List<SiteSecrets> of) {
    Set<String> inMessages() {
      return in(messages);
    }

    Set<String> inFiles() {
      return in(files);
    }

    Set<String> inLog() {
      Set<String> found = new TreeSet<>();
      of.forEach(site -> found.addAll(site.in(log)));
      return found;
    }

    /** A brief secret counts from the second site on: whatever tells of one tells of others. */
    private Set<String> in(List<byte[]> all) {
      Set<String> found = new TreeSet<>();
      List<String> brief = new ArrayList<>();
      for (SiteSecrets site : of) {
        Set<String> briefOfSite = new TreeSet<>();
        for (byte[] bytes : all) {
          found.addAll(site.in(bytes));
          briefOfSite.addAll(site.briefIn(bytes));
        }
        brief.addAll(briefOfSite);
      }
      Set<String> once = new HashSet<>();
      brief.stream().filter(name -> !once.add(name)).forEach(found::add);
      return found;
    }
  }

  @Test
  void roundWithSecureAggregation_nothingOfOneSiteAnywhere() throws Throwable {
    Seen seen = runRound(Suite.FLSA1);

    assertThat(seen.inMessages()).isEmpty();
    assertThat(seen.inFiles()).isEmpty();
    assertThat(seen.inLog()).isEmpty();
    assertThat(seen.log()).contains("CoordinatorMain", "listening on", "TRACE");
  }

  @Test
  void roundWithoutSecureAggregation_foundInMessagesAndFiles() throws Throwable {
    Seen seen = runRound(Suite.PLAIN);

    assertThat(seen.inMessages())
        .contains("encoded update", "weight", "encoded loss", "encoded accuracy");
    assertThat(seen.inFiles())
        .contains("encoded update", "weight", "encoded loss", "encoded accuracy");
  }

  @Test
  void secretsThatAreLogged_foundInTheLog() {
    LocalUpdate update =
        new LocalUpdate(
            FloatVector.of(0.0123f, -0.0456f, 0.0789f, 0.0321f),
            8_765_432_109_876_543L,
            List.of(2.3456789, 0.8765432));
    int[] encoded = {
      5_123_456, -6_234_567, 7_345_678, 8_456_789, 1_020_304, 91_234_567, 82_345_678
    };
    SiteSecrets secrets = new SiteSecrets(update, encoded);
    Logger logger = LoggerFactory.getLogger(CoordinatorServer.class);
    try (LogRecorder log = new LogRecorder()) {
      logger.trace("nothing of it");
      assertThat(secrets.in(log.text())).isEmpty();

      logger.trace("{} examples, loss {}", update.exampleCount(), update.metrics().getFirst());
      logger.debug("encoded {}", Arrays.toString(encoded));
      logger.info(
          "bytes=ff{}00", HexFormat.of().toHexDigits(Double.doubleToRawLongBits(0.8765432)));

      assertThat(secrets.in(log.text()))
          .containsExactly("accuracy", "encoded update", "example count", "loss", "weight");
    }
  }

  private Seen runRound(Suite suite) throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(4).suite(suite));
    RequestRecorder requests = new RequestRecorder();
    List<byte[]> files = new ArrayList<>();
    try (LogRecorder log = new LogRecorder();
        TestConsortium consortium = new TestConsortium(directory, job)) {
      consortium.intercept(requests);
      try (TestChannel channel = consortium.connectResearcher()) {
        new Researcher(channel).submit(job);
        List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
        sites.forEach(ScriptedSite::hello);
        while (!sites.stream().allMatch(ScriptedSite::ended)) {
          for (ScriptedSite site : sites) {
            if (!site.ended()) {
              site.step();
              files.addAll(files(consortium.dataDirectory()));
            }
          }
        }
        assertCompleted(channel);
        sites.forEach(ScriptedSite::close);
        return new Seen(
            requests.requests(),
            files,
            log.text(),
            sites.stream()
                .map(
                    site -> new SiteSecrets(site.plainUpdate(ROUND_1), site.encodedUpdate(ROUND_1)))
                .toList());
      }
    }
  }

  private static void assertCompleted(TestChannel channel) {
    JobSummary summary =
        JobMessages.decode(channel.jobs().getJob(JobMessages.encodeGetRequest(JOB)));
    assertThat(summary.state()).isEqualTo(JobState.COMPLETED);
  }

  /** The content of every file below, and its path. */
  private static List<byte[]> files(Path directory) throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        all.add(file.toString().getBytes(StandardCharsets.UTF_8));
        all.add(Files.readAllBytes(file));
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      // Something was deleted meanwhile; the step after this one looks again.
      return all;
    }
    return all;
  }
}
