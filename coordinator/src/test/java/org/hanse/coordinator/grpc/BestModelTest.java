package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelSelection;
import org.hanse.wire.JobMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that selects its best model and ends when no better one comes. */
@Timeout(120)
class BestModelTest {
  private static final JobId JOB = new JobId("job-1");
  private static final int SITES = 4;
  private static final int PATIENCE = 2;
  private static final int ROUNDS = 12;

  @TempDir private Path directory;

  /** What a round measured, and of which model. */
  private record Measured(Hash model, double value) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void job_noBetterModelForAsLongAsItsPatience_endsAndKeepsTheBest(boolean restarted)
      throws Throwable {
    TestJob job =
        TestJob.of(TestJob.Shape.of(SITES).rounds(ROUNDS))
            .selecting(
                new ModelSelection(
                    MetricSpec.TRAINING_LOSS,
                    ModelSelection.Goal.MINIMIZE,
                    0,
                    OptionalLong.of(PATIENCE)));
    try (TestConsortium consortium = new TestConsortium(directory, job)) {
      try (TestChannel channel = consortium.connectResearcher()) {
        new Researcher(channel).submit(job);
      }
      run(consortium, restarted);
      try (TestChannel channel = consortium.connectResearcher()) {
        List<JobEventValue> history = new Researcher(channel).watch(JOB);
        List<Measured> measured = measured(job, history);
        JobSummary summary =
            JobMessages.decode(channel.jobs().getJob(JobMessages.encodeGetRequest(JOB)));
        int best = best(measured);

        assertThat(summary.state()).isEqualTo(JobState.COMPLETED);
        assertThat(measured).hasSize(best + 1 + PATIENCE).hasSizeLessThan(ROUNDS);
        assertThat(summary.progress().best())
            .contains(
                new JobSummary.Best(
                    measured.get(best).model(),
                    best,
                    MetricSpec.TRAINING_LOSS,
                    measured.get(best).value()));
        assertThat(
                ModelHash.of(MemorySegment.ofArray(download(channel, measured.get(best).model()))))
            .isEqualTo(measured.get(best).model());
        assertThat(keptModels(consortium))
            .as("the initial, the best, the newest one and its base")
            .hasSizeBetween(2, 4)
            .contains(measured.get(best).model().toHex(), summary.modelHash().toHex());
      }
    }
  }

  private static void run(TestConsortium consortium, boolean restarted) throws IOException {
    List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
    sites.forEach(ScriptedSite::hello);
    int steps = 0;
    while (!sites.stream().allMatch(ScriptedSite::ended)) {
      for (ScriptedSite site : sites) {
        if (!site.ended() && site.step() && restarted && ++steps % 7 == 0) {
          consortium.restart();
          sites.forEach(ScriptedSite::reconnect);
        }
      }
    }
    sites.forEach(ScriptedSite::close);
  }

  /** By the rounds' order: each measures the model that the one before made. */
  private static List<Measured> measured(TestJob job, List<JobEventValue> history) {
    List<Measured> measured = new ArrayList<>();
    Hash base = job.manifest().training().initialModelHash();
    for (JobEventValue event : history) {
      if (event instanceof JobEventValue.RoundPublished published) {
        measured.add(new Measured(base, published.metrics().getFirst().value()));
        base = published.modelHash();
      }
    }
    return measured;
  }

  private static int best(List<Measured> measured) {
    int best = 0;
    for (int i = 1; i < measured.size(); i++) {
      best = measured.get(i).value() < measured.get(best).value() ? i : best;
    }
    return best;
  }

  private static byte[] download(TestChannel channel, Hash model) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    channel
        .jobs()
        .downloadJobModel(TransferMessages.encodeJobModel(new DownloadRequest.Model(JOB, model, 0)))
        .forEachRemaining(chunk -> all.writeBytes(TransferMessages.decode(chunk).data()));
    return all.toByteArray();
  }

  private static List<String> keptModels(TestConsortium consortium) throws IOException {
    try (var files = Files.list(consortium.dataDirectory().resolve("jobs/job-1/models"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
