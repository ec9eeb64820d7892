package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.Fields;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.junit.jupiter.api.Test;

/** Sites that are told different things, and quorums that are none. N = 5, c = 1, t = 4. */
class AgreementCasesTest {
  private static final int VICTIM = 0;
  private static final int COLLUDER = 4;
  private static final int[] ALL = {0, 1, 2, 3, 4};

  private final Federation federation = Federation.of(5, 1).collude(COLLUDER);

  @Test
  void case11_twoKeySets_noGroupIsLargeEnough() {
    Script script = Script.of(federation).start(ALL);
    script.tell(0, script.roster(ALL));
    script.tell(1, script.roster(ALL));
    script.tell(2, script.roster(ALL));
    script.tell(3, script.roster(1, 2, 3, 4));
    script.tell(4, script.roster(1, 2, 3, 4));

    script.tell(2, script.sharesFor(2, ALL)); // with dealers who saw another U1
    script.tell(1, script.sharesFor(1, 0, 1, 2)); // without them
    script.tell(3, script.sharesFor(3, 1, 2, 3, 4));

    assertThat(federation.site(2).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    assertThat(federation.site(1).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(federation.site(3).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    assertNothingReleased();
  }

  @Test
  void case11_twoDealerSets_noUploadsMeet() {
    Script script = Script.of(federation).start(ALL).exchangeKeys(ALL);
    for (int number : new int[] {0, 1, 2}) {
      script.tell(number, script.sharesFor(number, ALL));
    }
    for (int number : new int[] {3, 4}) {
      script.tell(number, script.sharesFor(number, 1, 2, 3, 4));
    }
    assertThat(federation.sent(FromSite.UploadCommit.class)).hasSize(5);

    script.tell(0, script.survivors(ALL));
    script.tell(1, script.survivors(0, 1, 2));
    script.tell(3, script.survivors(1, 2, 3, 4));

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    assertThat(federation.site(1).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(federation.site(3).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    assertNothingReleased();
  }

  @Test
  void case11_twoSurvivorSets_noQuorumAndNothingReleased() {
    federation
        .hookToSites((to, message) ->
            List.of(
                message instanceof ToSite.Survivors all && to.number >= 2
                    ? new ToSite.Survivors(Forgery.without(all.survivors(), 0))
                    : message))
        .run();

    assertThat(federation.aborted()).contains(AbortReason.STATEMENT_NOT_CONFIRMED);
    assertThat(federation.sent(FromSite.Release.class)).isEmpty();
  }

  @Test
  void case12_secondSurvivorSet_refusedAndNotSigned() {
    Script script = uploaded();
    List<FromSite> first = script.tell(VICTIM, script.survivors(ALL));

    List<FromSite> repeat = script.tell(VICTIM, script.survivors(ALL));
    List<FromSite> second = script.tell(VICTIM, script.survivors(0, 1, 2, 3));

    assertThat(repeat).isEqualTo(first).hasSize(1);
    assertThat(second).containsExactly(new FromSite.Withdrawal(SiteRefusal.UNEXPECTED_MESSAGE));
    assertNothingReleased();
  }

  @Test
  void case12_restartedCoordinatorAsksAgain_sameAnswers() {
    federation
        .restartCoordinatorOn(FromSite.Advertisement.class)
        .restartCoordinatorOn(FromSite.Shares.class)
        .restartCoordinatorOn(FromSite.UploadCommit.class)
        .restartCoordinatorOn(FromSite.Confirmation.class)
        .restartCoordinatorOn(FromSite.Release.class)
        .run();

    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(5);
    List<FromSite.Confirmation> confirmations = federation.sent(FromSite.Confirmation.class);
    assertThat(confirmations).hasSizeGreaterThan(5);
    assertThat(new HashSet<>(confirmations)).hasSize(5);
    assertThat(new HashSet<>(federation.sent(FromSite.Release.class))).hasSize(5);
  }

  @Test
  void case12_everyMessageTwice_sameAnswers() {
    federation.repeatEverything().run();

    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(5);
    assertThat(new HashSet<>(federation.sent(FromSite.Release.class))).hasSize(5);
  }

  @Test
  void case13_survivorOutsideTheDealers_refused() {
    // The colluding site deals nothing and yet signs an upload.
    federation.drop(COLLUDER, Dropout.AFTER_KEYS);
    alterSurvivors(survivors -> {
      List<ToSite.Survivor> more = new ArrayList<>(survivors);
      more.add(
          new ToSite.Survivor(
              federation.name(COLLUDER),
              survivors.getFirst().root(),
              1,
              2,
              survivors.getFirst().signature()));
      return more;
    });

    assertVictimRefused(SiteRefusal.SET_INVALID);
  }

  @Test
  void case13_survivorTwice_refused() {
    alterSurvivors(survivors -> Forgery.repeating(survivors, 2));

    assertVictimRefused(SiteRefusal.SET_INVALID);
  }

  @Test
  void case13_withoutSelf_refused() {
    alterSurvivors(survivors -> Forgery.without(survivors, VICTIM));

    assertVictimRefused(SiteRefusal.SET_INVALID);
  }

  @Test
  void case14_alteredRoot_refused() {
    alterSurvivor(2, s -> altered(s, Forgery.flipped(s.root()), s.tag0(), s.tag1()));

    assertVictimRefused(SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void case14_alteredTag_refused() {
    alterSurvivor(2, s -> altered(s, s.root(), s.tag0() ^ 1, s.tag1()));

    assertVictimRefused(SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void case14_alteredOwnTag_refused() {
    alterSurvivor(VICTIM, s -> altered(s, s.root(), s.tag0(), s.tag1() ^ 1));

    assertVictimRefused(SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void case14_tagOutOfRange_refused() {
    alterSurvivor(2, s -> altered(s, s.root(), (1L << 61) - 1, s.tag1()));

    assertVictimRefused(SiteRefusal.SET_INVALID);
  }

  @Test
  void case15_oneSignatureTooFew_refused() {
    alterQuorum(endorsements -> endorsements.subList(0, 3));

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case15_exactlyTSignatures_enough() {
    alterQuorum(endorsements -> endorsements.subList(0, 4));

    assertThat(federation.site(VICTIM).refusals).isEmpty();
    assertThat(federation.sent(FromSite.Release.class)).hasSize(5);
  }

  @Test
  void case15_duplicateSigner_refused() {
    alterQuorum(endorsements -> Forgery.repeating(endorsements.subList(0, 3), 1));

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case15_signerOutsideTheSurvivors_refused() {
    federation.drop(COLLUDER, Dropout.DURING_UPLOAD);
    alterQuorum(endorsements -> {
      List<ToSite.Endorsement> other = new ArrayList<>(endorsements.subList(0, 3));
      other.add(endorsed(endorsements.getFirst().statement()));
      return other;
    });

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case15_signatureOnAnotherStatement_refused() {
    alterQuorum(endorsements ->
        Forgery.replacing(endorsements, COLLUDER, e -> endorsed(TestConsortium.hash("another"))));

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case15_signatureOnAnotherStatementUnderTheRightOne_refused() {
    alterQuorum(endorsements ->
        Forgery.replacing(
            endorsements,
            COLLUDER,
            e ->
                new ToSite.Endorsement(
                    e.site(),
                    e.statement(),
                    endorsed(TestConsortium.hash("another")).signature())));

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case15_withoutOwnSignature_refused() {
    alterQuorum(endorsements -> Forgery.without(endorsements, VICTIM));

    assertVictimRefused(SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void case16_releaseTwiceWithAnotherQuorum_refused() {
    Script script = uploaded().showSurvivors(ALL);
    List<FromSite> first = script.tell(VICTIM, script.quorum(0, 1, 2, 3));

    List<FromSite> repeat = script.tell(VICTIM, script.quorum(0, 1, 2, 3));
    List<FromSite> second = script.tell(VICTIM, script.quorum(0, 2, 3, 4));

    assertThat(first).singleElement().isInstanceOf(FromSite.Release.class);
    assertThat(repeat).isEqualTo(first);
    assertThat(second).containsExactly(new FromSite.Withdrawal(SiteRefusal.UNEXPECTED_MESSAGE));
    federation.finish();
  }

  @Test
  void case16_bothSecretsAcrossReconnectAndRestart_refused() {
    Script script = uploaded().showSurvivors(ALL);
    script.tell(VICTIM, script.quorum(ALL));
    federation.site(VICTIM).restart();

    // Now everybody but site 1 is said to have survived: that would give s of site 1.
    List<FromSite> afterRestart = new ArrayList<>();
    afterRestart.addAll(script.tell(VICTIM, script.survivors(0, 2, 3, 4)));
    afterRestart.addAll(script.tell(VICTIM, script.quorum(ALL)));
    Script again =
        new Script(federation, TestConsortium.attempt(1, 1), federation.consortium.roster());
    afterRestart.addAll(again.tell(VICTIM, script.start()));
    afterRestart.addAll(again.tell(VICTIM, again.start()));

    assertThat(afterRestart)
        .isNotEmpty()
        .allSatisfy(reply ->
            assertThat(reply)
                .isEqualTo(new FromSite.Withdrawal(SiteRefusal.ROUND_ALREADY_RELEASED)));
    federation.finish();
  }

  @Test
  void case16_diesBetweenJournalAndRelease_neverReleases() {
    federation.site(VICTIM).diesAfter = JournalEntry.Released.class;
    federation.run();
    federation.site(VICTIM).diesAfter = null;
    Script again =
        new Script(federation, TestConsortium.attempt(1, 1), federation.consortium.roster());
    List<FromSite> replies = again.tell(VICTIM, again.start());

    assertThat(federation.published()).isTrue();
    assertThat(federation.sent(FromSite.Release.class)).hasSize(4);
    assertThat(replies)
        .containsExactly(new FromSite.Withdrawal(SiteRefusal.ROUND_ALREADY_RELEASED));
    federation.finish();
  }

  private Script uploaded() {
    return Script.of(federation).start(ALL).exchangeKeys(ALL).exchangeShares(ALL);
  }

  private void alterSurvivors(UnaryOperator<List<ToSite.Survivor>> change) {
    federation
        .alterTo(
            VICTIM,
            ToSite.Survivors.class,
            all -> new ToSite.Survivors(change.apply(all.survivors())))
        .run();
  }

  private void alterSurvivor(int index, UnaryOperator<ToSite.Survivor> change) {
    alterSurvivors(survivors -> Forgery.replacing(survivors, index, change));
  }

  private static ToSite.Survivor altered(ToSite.Survivor s, Hash root, long tag0, long tag1) {
    return new ToSite.Survivor(s.site(), root, tag0, tag1, s.signature());
  }

  private void alterQuorum(UnaryOperator<List<ToSite.Endorsement>> change) {
    federation
        .alterTo(
            VICTIM, ToSite.Quorum.class, all -> new ToSite.Quorum(change.apply(all.endorsements())))
        .run();
  }

  /** The colluding site's signature on any statement. */
  private ToSite.Endorsement endorsed(Hash statement) {
    Bytes signature =
        Script.signature(
            federation.site(COLLUDER).key,
            federation.state().context(),
            "stmt",
            new Fields().hash(statement));
    return new ToSite.Endorsement(federation.name(COLLUDER), statement, signature);
  }

  private void assertVictimRefused(SiteRefusal reason) {
    assertThat(federation.site(VICTIM).refusals).containsExactly(reason);
    Fingerprint victim = federation.name(VICTIM);
    assertThat(federation.asRun().all(Happening.Sent.class))
        .noneMatch(
            sent -> sent.site().equals(victim) && sent.message() instanceof FromSite.Release);
  }

  private void assertNothingReleased() {
    federation.finish();
    assertThat(federation.sent(FromSite.Release.class)).isEmpty();
  }
}
