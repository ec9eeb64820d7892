package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hanse.client.session.SiteMemory;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.SiteJournal;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundState;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts after attempts, and uploads after uploads. */
class RetryCasesTest {
  private static final int VICTIM = 0;

  private final Federation federation = Federation.of(5, 1);
  @TempDir private Path directory;

  @Test
  void case17_releasedRoundAfterRestart_refused() throws IOException {
    federation.run();
    reloadJournals();

    federation.run(1, 1);

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sites)
        .allSatisfy(
            site -> assertThat(site.refusals).containsExactly(SiteRefusal.ROUND_ALREADY_RELEASED));
  }

  @Test
  void case17_noOneHasReleased_allJoinTheNextAttempt() throws IOException {
    federation.drop(3, Dropout.AFTER_SHARES).drop(4, Dropout.AFTER_SHARES).run();
    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    federation.drop(3, Dropout.AFTER_RELEASE).drop(4, Dropout.AFTER_RELEASE);
    reloadJournals();

    federation.run(1, 1);

    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(5);
  }

  /** t - c = 3 honest releases open the first sum; the two others cannot make a second. */
  @Test
  void case17_releasesEnoughForOneSum_noSecondSum() {
    federation.collude(4);
    federation.hookToSites((to, message) ->
        message instanceof ToSite.Quorum && to.number == 3 ? List.of() : List.of(message));
    federation.run();
    assertThat(federation.counted()).hasSize(5);
    federation.site(4).journal.clear(); // the adversary's site forgets

    federation.run(1, 1);

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.site(0).lastRefusal()).contains(SiteRefusal.ROUND_ALREADY_RELEASED);
    assertThat(federation.sent(FromSite.Release.class)).hasSize(4);
  }

  @Test
  void case17_thirdReleaseOnOneModel_refused() throws IOException {
    federation.run(1, 0);
    federation.run(2, 0);
    reloadJournals();

    federation.run(3, 0);

    assertThat(federation.sent(FromSite.Release.class)).hasSize(10);
    assertThat(federation.sites)
        .allSatisfy(site ->
            assertThat(site.refusals).containsExactly(SiteRefusal.MODEL_RELEASED_TOO_OFTEN));
  }

  /** Three of the four releases that it takes: no sum, and no second attempt at one. */
  @Test
  void case17_releasedWithoutAResult_roundSpentAndTheNextFromTheSameModel() {
    RoundRun round = new RoundRun(federation);
    round.hookFromSites((from, message) ->
        from.number >= 3 && message instanceof FromSite.Release ? List.of() : List.of(message));
    round.run();
    round.timePasses(round.running().attempt().stepDeadline().orElseThrow());

    assertThat(round.rosters()).hasSize(1);
    assertThat(round.state())
        .isInstanceOfSatisfying(
            RoundState.Aborted.class, aborted -> assertThat(aborted.spent()).isTrue());
    Script again =
        new Script(federation, TestConsortium.attempt(1, 1), federation.consortium.roster());
    assertThat(again.tell(VICTIM, again.start()))
        .containsExactly(new FromSite.Withdrawal(SiteRefusal.ROUND_ALREADY_RELEASED));
    JobManifest manifest = federation.consortium.manifest();
    assertThat(
            JobProgress.start(manifest)
                .afterGivenUp(manifest, AbortReason.RECONSTRUCTION_FAILED, true))
        .isInstanceOfSatisfying(
            JobProgress.Next.Run.class,
            next -> {
              assertThat(next.progress().round()).isEqualTo(TestConsortium.round(2));
              assertThat(next.progress().model()).isEqualTo(federation.consortium.initialModel());
            });
    round.finish();
  }

  @Test
  void case21_secondUploadUnderOneContext_coordinatorRejects() {
    List<FromSite> commits = new ArrayList<>();
    federation.hookFromSites((from, message) -> {
      if (message instanceof FromSite.UploadCommit c && from.number == VICTIM) {
        commits.add(c);
        return List.of(
            c,
            new FromSite.UploadCommit(
                c.root(), c.chunkCount(), c.lengthElements(), 1, 2, c.signature()));
      }
      return List.of(message);
    });

    federation.run();

    assertThat(commits).hasSize(1);
    assertThat(federation.dropped(VICTIM)).contains(DropReason.DIFFERENT_REPEAT);
    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(5);
  }

  @Test
  void case21_secondVectorUnderOneMask_neverMade() {
    Script script = uploaded();
    UploadMasker masker = Objects.requireNonNull(federation.site(VICTIM).masker);
    RingVector other = federation.site(1).update(TestConsortium.round(1));

    assertThatIllegalStateException().isThrownBy(() -> masker.maskAll(other, (chunk, bytes) -> {}));
    assertThatIllegalStateException().isThrownBy(() -> masker.maskedChunk(other, 0));
    List<FromSite> replies =
        federation
            .site(VICTIM)
            .handle(
                new SiteInput.UploadMasked(
                    new SiteInput.UploadSummary(TestConsortium.hash("other"), 1, 1, 2)));

    assertThat(script.answers).isNotEmpty();
    assertThat(replies).containsExactly(new FromSite.Withdrawal(SiteRefusal.UPDATE_CHANGED));
    federation.finish();
  }

  @Test
  void case21_restartedSite_refusesTheAttemptItJoined() throws IOException {
    Script script = uploaded();
    reloadJournals();

    List<FromSite> replies = script.tell(VICTIM, script.start());

    assertThat(replies)
        .containsExactly(new FromSite.Withdrawal(SiteRefusal.ATTEMPT_ALREADY_JOINED));
    federation.finish();
  }

  @Test
  void case21_anotherUpdateForTheRound_refused() throws IOException {
    uploaded();
    reloadJournals();
    federation.site(VICTIM).updateHash = TestConsortium.hash("another update");
    Script next =
        new Script(federation, TestConsortium.attempt(1, 1), federation.consortium.roster());

    List<FromSite> replies = next.tell(VICTIM, next.start());

    assertThat(replies).containsExactly(new FromSite.Withdrawal(SiteRefusal.UPDATE_CHANGED));
    federation.finish();
  }

  @Test
  void case22_resumedUpload_sameBytes() {
    Federation large = new Federation(TestConsortium.of(new TestConsortium.Shape(4, 1).large()), 1);
    Script script = Script.of(large).start(0, 1, 2, 3).exchangeKeys(0, 1, 2, 3);
    script.tell(VICTIM, script.sharesFor(VICTIM, 0, 1, 2, 3));
    List<byte[]> sent = large.spool(script.attempt).get(large.name(VICTIM));
    UploadMasker masker = Objects.requireNonNull(large.site(VICTIM).masker);
    RingVector update = large.site(VICTIM).update(TestConsortium.round(1));

    assertThat(sent).hasSize(2);
    assertThat(masker.maskedChunk(update, 1)).isEqualTo(sent.get(1));
    assertThat(masker.maskedChunk(update, 0)).isEqualTo(sent.get(0));
    large.finish();
  }

  @Test
  void case22_sameVectorInEveryAttemptAndRoster() {
    federation.drop(3, Dropout.AFTER_SHARES).drop(4, Dropout.AFTER_SHARES).run();
    federation.drop(3, Dropout.AFTER_RELEASE).drop(4, Dropout.BEFORE_KEYS);
    federation.run(1, 1, 0, 1, 2, 3);

    Fingerprint victim = federation.name(VICTIM);
    List<Happening.Masked> masked =
        federation
            .asRun()
            .all(Happening.Masked.class)
            .filter(happening -> happening.site().equals(victim))
            .toList();
    assertThat(masked).hasSize(2);
    assertThat(masked.get(0).plain()).isEqualTo(masked.get(1).plain());
    // And encoding anew gives the same: rounding is drawn from the round, not from the attempt.
    assertThat(
            new Federation(federation.consortium, 1).site(VICTIM).update(TestConsortium.round(1)))
        .isEqualTo(masked.get(0).plain());
    assertThat(
            new Federation(federation.consortium, 1).site(VICTIM).update(TestConsortium.round(2)))
        .isNotEqualTo(masked.get(0).plain());
  }

  private Script uploaded() {
    return Script.of(federation)
        .start(0, 1, 2, 3, 4)
        .exchangeKeys(0, 1, 2, 3, 4)
        .exchangeShares(0, 1, 2, 3, 4);
  }

  /** Every site is killed; its journal goes through the file it is kept in. */
  private void reloadJournals() throws IOException {
    for (SimulatedSite site : federation.sites) {
      Path file = directory.resolve("journal-" + site.number);
      try (SiteJournal journal = SiteJournal.open(file)) {
        for (JournalEntry entry : site.journal) {
          journal.append(new SiteRecord.Protocol(entry));
        }
      }
      site.restart();
      site.journal.clear();
      try (SiteJournal journal = SiteJournal.open(file)) {
        site.journal.addAll(
            SiteMemory.of(TestConsortium.JOB, journal.records()).history().entries());
      }
    }
  }
}
