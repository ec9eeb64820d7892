package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.JobMessages;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A released round that brings no model, and what comes after it, over the real transport. */
class SpentRoundTest {
  private static final int LIAR = 7;

  @TempDir private Path directory;

  @Test
  void round_dealerConvicted_nextRoundTrainsAnewWithoutIt() throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(8).rounds(2));
    RoundId first = new RoundId(job.manifest().job(), 1);
    try (TestConsortium consortium = new TestConsortium(directory, job);
        TestChannel channel = consortium.connectResearcher()) {
      Researcher researcher = new Researcher(channel);
      researcher.submit(job);
      List<ScriptedSite> sites = new ArrayList<>(WholeRoundTest.sites(consortium));
      ScriptedSite liar = sites.remove(LIAR).dealingOffPolynomial().dyingWhileUploading();
      Thread dying = Thread.ofVirtual().start(() -> runUntilItDies(liar));
      List<Thread> threads = WholeRoundTest.start(sites);
      List<JobEventValue> events = researcher.watch(first.job());
      WholeRoundTest.join(threads);
      WholeRoundTest.join(List.of(dying));

      assertThat(events)
          .containsSubsequence(
              new JobEventValue.DealerConvicted(new AttemptId(first, 0), new SiteId("site-7")),
              new JobEventValue.AttemptAborted(
                  new AttemptId(first, 0), AbortReason.RECONSTRUCTION_FAILED),
              new JobEventValue.SiteLeft(
                  new AttemptId(first.next(), 0),
                  new SiteId("site-7"),
                  new JobEventValue.LeaveReason.Dropped(DropReason.CONVICTED)));
      assertThat(events)
          .last()
          .isInstanceOfSatisfying(
              JobEventValue.Finished.class,
              finished -> {
                assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
                assertThat(finished.rounds()).isEqualTo(1);
              });
      JobSummary summary =
          JobMessages.decode(channel.jobs().getJob(JobMessages.encodeGetRequest(first.job())));
      assertThat(summary.progress().convicted())
          .containsExactly(new JobSummary.Convicted(new SiteId("site-7"), 1));
      assertThat(sites)
          .allSatisfy(site -> {
            assertThat(basesOf(site)).hasSize(2).containsOnly(basesOf(site).getFirst());
            assertThat(site.plainUpdate(first)).isNotEqualTo(site.plainUpdate(first.next()));
          });
    }
  }

  private static void runUntilItDies(ScriptedSite site) {
    try (site) {
      site.run();
    } catch (ScriptedSite.SiteDiedException e) {
      assertThat(site.ended()).isFalse();
    }
  }

  /** Models that the site was asked to train on. */
  private static List<Hash> basesOf(ScriptedSite site) {
    return site.taken().stream()
        .filter(work -> work.content() instanceof WorkContent.Train)
        .map(work -> ((WorkContent.Train) work.content()).modelHash())
        .toList();
  }
}
