package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.coordinator.TranscriptVerifier;
import org.hanse.wire.TranscriptMessages;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole rounds over TLS with sites that follow the real protocol. */
class WholeRoundTest {
  private static final RoundId ROUND_1 = new RoundId(new JobId("job-1"), 1);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Suite.class)
  void round_allSitesPresent_sumIsThePlainSum(Suite suite) throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(5).suite(suite).rounds(2));
    try (TestConsortium consortium = new TestConsortium(directory, job);
        TestChannel channel = consortium.connectResearcher()) {
      Researcher researcher = new Researcher(channel);
      assertThat(researcher.submit(job).created()).isTrue();
      List<ScriptedSite> sites = sites(consortium);
      List<Thread> threads = start(sites);
      List<JobEventValue> events = researcher.watch(new JobId("job-1"));
      join(threads);

      assertThat(events).last().isInstanceOf(JobEventValue.Finished.class);
      JobEventValue.Finished finished = (JobEventValue.Finished) events.getLast();
      assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
      assertThat(finished.rounds()).isEqualTo(2);
      assertThat(sites).allSatisfy(site -> assertThat(site.ended()).isTrue());
      AttemptId attempt = new AttemptId(ROUND_1, 0);
      assertThat(sites.getFirst().sum(attempt)).isEqualTo(plainSum(sites, ROUND_1));
      assertThat(sites.getFirst().modelHash()).isEqualTo(finished.modelHash());
      assertThat(sites)
          .allSatisfy(site -> assertThat(site.auditedChunks()).isEqualTo(suite.masked() ? 2 : 0));
      assertThat(audited(consortium, 1)).isEqualTo(audited(consortium, 2) - 1);
    }
  }

  /** The number that the round's transcript names, if it is sound. */
  private static long audited(TestConsortium consortium, long round) throws IOException {
    Path file = consortium.dataDirectory().resolve("jobs/job-1/rounds/" + round + "/transcript");
    RoundTranscript transcript = TranscriptMessages.decode(Files.readAllBytes(file));
    TestJob job = consortium.job();
    assertThat(new TranscriptVerifier(job.manifest(), job.planHash()).verify(transcript))
        .isInstanceOf(TranscriptVerifier.Finding.Sound.class);
    return transcript.start().attempt().round().round();
  }

  static List<ScriptedSite> sites(TestConsortium consortium) {
    List<ScriptedSite> sites = new ArrayList<>();
    for (int i = 0; i < consortium.job().sites().size(); i++) {
      sites.add(new ScriptedSite(consortium, i));
    }
    return sites;
  }

  static List<Thread> start(List<ScriptedSite> sites) {
    return sites.stream()
        .map(site ->
            Thread.ofVirtual()
                .start(() -> {
                  try (site) {
                    site.run();
                  }
                }))
        .toList();
  }

  static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(java.time.Duration.ofSeconds(20))).isTrue();
    }
  }

  static int[] plainSum(List<ScriptedSite> sites, RoundId round) {
    int[] sum = sites.getFirst().encodedUpdate(round).clone();
    for (ScriptedSite site : sites.subList(1, sites.size())) {
      int[] update = site.encodedUpdate(round);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += update[i];
      }
    }
    return sum;
  }
}
