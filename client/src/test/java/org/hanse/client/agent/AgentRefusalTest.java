package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.AdoptionProof.SignedVerdict;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site refuses, whatever the coordinator says; and the round goes on without it. */
class AgentRefusalTest {
  @TempDir private Path directory;
  private Optional<AgentFixture> started = Optional.empty();

  private AgentFixture fixture(TestJob.Options options) {
    AgentFixture fixture = new AgentFixture(new TestJob(options), directory);
    started = Optional.of(fixture);
    return fixture;
  }

  private AgentFixture fixture() {
    return fixture(TestJob.Options.DEFAULT.rounds(1));
  }

  @AfterEach
  void stopAgent() throws InterruptedException {
    if (started.isPresent()) {
      started.get().stopAll();
    }
  }

  private static SitePolicy policy(AgentFixture fixture, int minimumCohort, double clipNorm) {
    return new SitePolicy(
        minimumCohort, clipNorm, Set.of(), false, Set.of(), Set.of(fixture.job.planHash()));
  }

  private static void assertDeclined(AgentFixture fixture, DeclineReason reason) throws Exception {
    fixture.start();
    fixture.await("end of the job", fixture.consortium::ended);
    assertThat(fixture.consortium.reports).containsExactly(new TrainingReport.Declined(reason));
    assertThat(fixture.consortium.countedAgent).isEmpty();
    assertThat(fixture.consortium.published).hasSize(1);
    assertThat(fixture.events.starting("refused job-1/1 " + reason)).hasSize(1);
  }

  /** The agent joined no attempt but to withdraw from it. */
  private static void assertWithdrawn(AgentFixture fixture, SiteRefusal reason) throws Exception {
    fixture.start();
    fixture.await("end of the job", fixture.consortium::ended);
    assertThat(allSaid(fixture)).containsExactly(new FromSite.Withdrawal(reason));
    fixture.await("word of it", () -> !fixture.events.starting("refused").isEmpty());
    assertThat(fixture.events.starting("refused"))
        .hasSize(1)
        .first()
        .asString()
        .contains(" " + reason + " ");
    assertThat(fixture.consortium.countedAgent).isEmpty();
    assertThat(fixture.consortium.published).hasSize(1);
  }

  private static List<FromSite> allSaid(AgentFixture fixture) {
    return fixture.consortium.fromAgent.values().stream().flatMap(List::stream).toList();
  }

  @Test
  void train_cohortBelowFloor_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.policy.set(policy(fixture, 5, 10)); // the manifest guarantees 4
    assertDeclined(fixture, DeclineReason.POLICY);
    assertThat(fixture.trainer.seeds).isEmpty();
  }

  @Test
  void train_clipNormAboveMaximum_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.policy.set(policy(fixture, 4, 9.99));
    assertDeclined(fixture, DeclineReason.POLICY);
  }

  @Test
  void train_plainSums_areDeclinedUnlessAllowed() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(1).suite(Suite.PLAIN));
    assertDeclined(fixture, DeclineReason.POLICY);
  }

  @Test
  void train_plainSumsAllowed_areCounted() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(1).suite(Suite.PLAIN));
    fixture.policy.set(
        new SitePolicy(4, 10, Set.of(), true, Set.of(), Set.of(fixture.job.planHash())));
    fixture.start();
    fixture.awaitJobEnd();
    assertThat(fixture.consortium.countedAgent).hasSize(1);
  }

  @Test
  void train_clipNormChangedBehindTheApprovedHash_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.consortium.manifestBytes =
        new TestJob(TestJob.Options.DEFAULT.rounds(1).clipNorm(9)).manifestBytes();
    assertDeclined(fixture, DeclineReason.POLICY);
    assertThat(fixture.events.starting("refused").getFirst())
        .contains("the coordinator names plan");
  }

  @Test
  void train_clipNormChangedWithItsOwnHash_waitsForApprovalAndIsDeclined() throws Exception {
    TestJob changed = new TestJob(TestJob.Options.DEFAULT.rounds(1).clipNorm(9).trainSeconds(2));
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(1).trainSeconds(2));
    fixture.consortium.manifestBytes = changed.manifestBytes();
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Train train
                ? Work.of(
                    work.attempt(),
                    work.deadlineSeconds(),
                    new WorkContent.Train(changed.planHash(), train.modelHash(), train.adoption()))
                : work;
    assertDeclined(fixture, DeclineReason.NOT_APPROVED);
    assertThat(fixture.events.starting("awaiting-approval"))
        .containsExactly("awaiting-approval job-1 " + changed.planHash());
  }

  @Test
  void train_otherModelThanTheInitialOne_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Train train
                ? Work.of(
                    work.attempt(),
                    work.deadlineSeconds(),
                    new WorkContent.Train(train.planHash(), otherHash(), Optional.empty()))
                : work;
    assertDeclined(fixture, DeclineReason.MODEL);
    assertThat(fixture.trainer.seeds).isEmpty();
  }

  @Test
  void train_modelWithOtherBytesThanItsHash_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.consortium.modelRewriter =
        bytes -> {
          byte[] altered = bytes.clone();
          altered[5] ^= 1;
          return altered;
        };
    assertDeclined(fixture, DeclineReason.MODEL);
    assertThat(fixture.trainer.seeds).isEmpty();
  }

  @Test
  void train_noDataset_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.trainer.dataRefused = true;
    assertDeclined(fixture, DeclineReason.DATA);
  }

  @Test
  void train_trainingFails_isDeclined() throws Exception {
    AgentFixture fixture = fixture();
    fixture.trainer.trainingFails = true;
    assertDeclined(fixture, DeclineReason.TRAINING_FAILED);
  }

  @Test
  void train_adoptionWithForgedVerdict_isDeclined() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(2));
    fixture.consortium.loseAgent();
    fixture.consortium.rewriter = AgentRefusalTest::withForgedVerdict;
    fixture.start();
    fixture.await("end of the job", fixture.consortium::ended);
    assertThat(fixture.consortium.reports)
        .containsExactly(new TrainingReport.Declined(DeclineReason.MODEL));
    assertThat(fixture.trainer.seeds).isEmpty();
  }

  private static Work withForgedVerdict(Work work) {
    if (!(work.content() instanceof WorkContent.Train train) || train.adoption().isEmpty()) {
      return work;
    }
    AdoptionProof proof = train.adoption().get();
    List<SignedVerdict> verdicts = new ArrayList<>(proof.verdicts());
    SignedVerdict first = verdicts.getFirst();
    byte[] signature = first.signature().toByteArray();
    signature[3] ^= 1;
    verdicts.set(0, new SignedVerdict(first.site(), first.signingKey(), Bytes.of(signature)));
    AdoptionProof forged =
        new AdoptionProof(
            proof.attempt(),
            proof.baseModelHash(),
            proof.roster(),
            proof.resultRoot(),
            proof.nextModelHash(),
            verdicts);
    return Work.of(
        work.attempt(),
        work.deadlineSeconds(),
        new WorkContent.Train(train.planHash(), train.modelHash(), Optional.of(forged)));
  }

  @Test
  void start_rosterWithoutItself_isRefused() throws Exception {
    AgentFixture fixture = fixture();
    Bytes own = fixture.job.key(0).publicKey();
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Start start
                ? start(
                    work,
                    start.modelHash(),
                    start.certificates().stream().filter(key -> !key.equals(own)).toList())
                : work;
    assertWithdrawn(fixture, SiteRefusal.ROSTER_WITHOUT_SELF);
  }

  @Test
  void start_rosterBelowTheManifestsLimit_isRefused() throws Exception {
    AgentFixture fixture = fixture();
    Bytes own = fixture.job.key(0).publicKey();
    fixture.consortium.rewriter =
        work -> {
          if (!(work.content() instanceof WorkContent.Start start)) {
            return work;
          }
          List<Bytes> few = new ArrayList<>(start.certificates());
          few.removeIf(key -> !key.equals(own) && few.size() > 3);
          return start(work, start.modelHash(), few);
        };
    assertWithdrawn(fixture, SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_requiredPeerIsNotInTheRoster_isRefused() throws Exception {
    AgentFixture fixture = fixture();
    Fingerprint required = fixture.job.key(3).fingerprint();
    Bytes requiredKey = fixture.job.key(3).publicKey();
    fixture.policy.set(
        new SitePolicy(4, 10, Set.of(required), false, Set.of(), Set.of(fixture.job.planHash())));
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Start start
                ? start(
                    work,
                    start.modelHash(),
                    start.certificates().stream().filter(k -> !k.equals(requiredKey)).toList())
                : work;
    assertWithdrawn(fixture, SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_otherModelThanTheOneTrainedOn_isRefused() throws Exception {
    AgentFixture fixture = fixture();
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Start start
                ? start(work, otherHash(), start.certificates())
                : work;
    assertWithdrawn(fixture, SiteRefusal.MODEL_MISMATCH);
  }

  private static Work start(Work work, Hash model, List<Bytes> certificates) {
    return Work.of(
        work.attempt(), work.deadlineSeconds(), new WorkContent.Start(model, certificates));
  }

  private static Hash otherHash() {
    return Hash.of(TestJob.secret("another model").toByteArray());
  }

  @Test
  void shares_badBoxOfAPeer_isComplainedAbout() throws Exception {
    AgentFixture fixture = fixture();
    SigningKey dealer = fixture.job.key(2);
    Fingerprint self = fixture.job.key(0).fingerprint();
    fixture.consortium.peerRewriter =
        (from, message) ->
            from.equals(dealer.fingerprint()) && message instanceof FromSite.Shares honest
                ? withBadBox(honest, self, dealer, fixture.consortium.context())
                : message;

    fixture.start();
    fixture.awaitJobEnd();

    FromSite.Complaint complaint = (FromSite.Complaint) allSaid(fixture).getLast();
    assertThat(complaint.dealer()).isEqualTo(dealer.fingerprint());
    assertThat(complaint.reason()).isEqualTo(ComplaintReason.BOX_UNREADABLE);
    assertThat(allSaid(fixture)).doesNotHaveAnyElementsOfTypes(FromSite.UploadCommit.class);
    assertThat(fixture.events.starting("refused job-1/1 SHARE_INVALID"))
        .singleElement()
        .asString()
        .contains(dealer.fingerprint().toString());
    assertThat(fixture.consortium.failure()).contains(AbortReason.SHARE_REFUSED);
  }

  /** The dealer signs for a box that the holder cannot open. */
  private static FromSite.Shares withBadBox(
      FromSite.Shares honest, Fingerprint holder, SigningKey dealer, Hash context) {
    List<FromSite.ShareEntry> entries =
        honest.entries().stream()
            .map(entry ->
                entry.to().equals(holder)
                    ? new FromSite.ShareEntry(
                        holder,
                        entry.nonce(),
                        Bytes.of(new byte[FromSite.ShareEntry.CIPHERTEXT_BYTES]),
                        entry.selfShareHash(),
                        entry.maskShareHash(),
                        entry.channelEncapsulation(),
                        entry.maskEncapsulation())
                    : entry)
            .toList();
    Hash root = Commitments.entryRoot(context, dealer.fingerprint(), entries);
    return new FromSite.Shares(
        honest.rosterHash(),
        entries,
        root,
        SignedContent.shares(honest.rosterHash(), root).signedBy(dealer, context));
  }

  @Test
  void start_ofAReleasedRound_isRefused() throws Exception {
    AgentFixture fixture = fixture();
    // After this site's release the coordinator claims that the attempt failed, and asks again.
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Step step
                    && step.message() instanceof ToSite.Result
                ? Work.of(
                    new AttemptId(work.attempt().round(), 1),
                    60,
                    new WorkContent.Start(
                        fixture.job.manifest().training().initialModelHash(),
                        fixture.consortium.fullRoster().stream()
                            .map(RosterEntry::signingKey)
                            .toList()))
                : work;
    fixture.start();
    fixture.await("answer", () -> !fixture.consortium.saidIn(1).isEmpty());
    assertThat(fixture.consortium.saidIn(0)).anyMatch(FromSite.Release.class::isInstance);
    assertThat(fixture.consortium.saidIn(1))
        .containsExactly(new FromSite.Withdrawal(SiteRefusal.ROUND_ALREADY_RELEASED));
    fixture.await(
        "word of it",
        () -> !fixture.events.starting("refused job-1/1 ROUND_ALREADY_RELEASED").isEmpty());
  }
}
