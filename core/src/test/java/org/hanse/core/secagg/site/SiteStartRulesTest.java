package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** What a site checks of M0. */
class SiteStartRulesTest {
  private static final AttemptId ATTEMPT = TestConsortium.attempt(7, 0);
  private static final Hash CONTEXT = TestConsortium.hash("context");
  private static final Hash UPDATE = TestConsortium.hash("update");
  private final TestConsortium consortium = TestConsortium.of(5, 1);
  private final List<RosterEntry> roster = consortium.roster();
  private SimulatedSite site = new SimulatedSite(consortium, 2, 1);

  @Test
  void start_everybodyInRoster_joins() {
    site.receive(start(roster));

    assertThat(site.refusal()).isEmpty();
    assertThat(site.journal)
        .singleElement()
        .isEqualTo(
            new JournalEntry.Joined(
                ATTEMPT,
                AttemptContext.of(consortium.terms(), start(roster)).hash(),
                TestConsortium.MODEL,
                UPDATE));
  }

  @Test
  void start_smallestRosterAllowed_joins() {
    site.receive(start(Forgery.shortened(roster, 1)));

    assertThat(site.refusal()).isEmpty();
  }

  @Test
  void start_rosterBelowManifestMinimum_refused() {
    assertRefuses(start(Forgery.shortened(roster, 2)), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_rosterBelowOwnFloor_refused() {
    site = new SimulatedSite(consortium, 2, 1, new CohortFloor(5, Set.of()));

    assertRefuses(start(Forgery.shortened(roster, 1)), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_rosterWithoutRequiredPeer_refused() {
    site = new SimulatedSite(consortium, 2, 1, new CohortFloor(2, Set.of(roster.get(4).site())));

    assertRefuses(start(Forgery.shortened(roster, 1)), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_twoMembersAtASiteThatAsksForThree_refused() {
    TestConsortium two = TestConsortium.of(2, 0);
    site = new SimulatedSite(two, 0, 1, new CohortFloor(3, Set.of()));

    assertRefuses(start(two.roster()), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void start_rosterWithoutSelf_refused() {
    assertRefuses(start(Forgery.without(roster, 2)), SiteRefusal.ROSTER_WITHOUT_SELF);
  }

  @Test
  void start_rosterNotAscending_refused() {
    assertRefuses(start(Forgery.swapping(roster, 3)), SiteRefusal.ROSTER_INVALID);
  }

  @Test
  void start_memberTwice_refused() {
    assertRefuses(start(Forgery.repeating(roster, 3)), SiteRefusal.ROSTER_INVALID);
  }

  @Test
  void start_rosterWithOutsider_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    List<RosterEntry> withOutsider =
        Forgery.replacing(
                roster, 4, entry -> new RosterEntry(stranger.fingerprint(), stranger.publicKey()))
            .stream()
            .sorted(Comparator.comparing(RosterEntry::site))
            .toList();

    assertRefuses(start(withOutsider), SiteRefusal.ROSTER_INVALID);
  }

  @Test
  void start_otherKeyUnderMembersName_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    List<RosterEntry> forged =
        Forgery.replacing(roster, 4, entry -> new RosterEntry(entry.site(), stranger.publicKey()));

    assertRefuses(start(forged), SiteRefusal.ROSTER_INVALID);
  }

  @Test
  void start_lastAttemptOfTheLastRound_joins() {
    site.receive(
        new ToSite.RoundStart(TestConsortium.attempt(20, 3), TestConsortium.MODEL, roster));

    assertThat(site.refusal()).isEmpty();
    assertThat(site.journal).hasSize(1);
  }

  @Test
  void start_attemptBeyondManifestMaximum_refused() {
    assertRefuses(
        new ToSite.RoundStart(TestConsortium.attempt(7, 4), TestConsortium.MODEL, roster),
        SiteRefusal.TOO_MANY_ATTEMPTS);
  }

  @Test
  void start_roundOfOtherJobOrBeyondTheLast_refused() {
    AttemptId otherJob = new AttemptId(new RoundId(new JobId("other"), 7), 0);
    assertRefuses(
        new ToSite.RoundStart(otherJob, TestConsortium.MODEL, roster),
        SiteRefusal.UNEXPECTED_MESSAGE);
    assertRefuses(
        new ToSite.RoundStart(TestConsortium.attempt(21, 0), TestConsortium.MODEL, roster),
        SiteRefusal.UNEXPECTED_MESSAGE);
  }

  @Test
  void start_attemptJoinedBeforeRestart_refused() {
    site.receive(start(roster));
    site.restart();

    assertRefuses(start(roster), SiteRefusal.ATTEMPT_ALREADY_JOINED);
  }

  @Test
  void start_earlierAttemptOrRoundThanJournal_refused() {
    site.journal.add(
        new JournalEntry.Joined(
            TestConsortium.attempt(7, 1), CONTEXT, TestConsortium.MODEL, UPDATE));
    assertRefuses(start(roster), SiteRefusal.ATTEMPT_ALREADY_JOINED);

    site.restart();
    site.journal.set(
        0,
        new JournalEntry.Joined(
            TestConsortium.attempt(8, 0), CONTEXT, TestConsortium.MODEL, UPDATE));
    assertRefuses(start(roster), SiteRefusal.ATTEMPT_ALREADY_JOINED);
  }

  @Test
  void start_roundReleasedBeforeRestart_refusedInEveryAttempt() {
    site.journal.add(released(7, 0));

    assertRefuses(
        new ToSite.RoundStart(TestConsortium.attempt(7, 3), TestConsortium.MODEL, roster),
        SiteRefusal.ROUND_ALREADY_RELEASED);
  }

  @Test
  void start_roundClosed_refused() {
    site.journal.add(new JournalEntry.Closed(ATTEMPT.round()));

    assertRefuses(start(roster), SiteRefusal.ROUND_ALREADY_RELEASED);
  }

  @Test
  void start_roundBeforeOneKnownOnlyAsReleasedOrClosed_refused() {
    site.journal.add(released(8, 0));
    assertRefuses(start(roster), SiteRefusal.ATTEMPT_ALREADY_JOINED);

    site.restart();
    site.journal.set(0, new JournalEntry.Closed(ATTEMPT.round().next()));
    assertRefuses(start(roster), SiteRefusal.ATTEMPT_ALREADY_JOINED);
  }

  @Test
  void start_roundAfterAllInTheJournal_joins() {
    site.journal.add(new JournalEntry.Closed(TestConsortium.attempt(6, 0).round()));
    site.journal.add(released(6, 3));

    site.receive(start(roster));

    assertThat(site.refusal()).isEmpty();
  }

  @Test
  void start_thirdReleaseOnOneModel_refused() {
    site.journal.add(released(5, 0));
    site.receive(start(roster));
    assertThat(site.refusal()).isEmpty();

    site.restart();
    site.journal.clear();
    site.journal.addAll(List.of(released(5, 0), released(6, 1)));
    assertRefuses(start(roster), SiteRefusal.MODEL_RELEASED_TOO_OFTEN);
  }

  @Test
  void start_otherModelThanTrainedOn_refused() {
    assertRefuses(
        new ToSite.RoundStart(ATTEMPT, TestConsortium.hash("crafted"), roster),
        SiteRefusal.MODEL_MISMATCH);
  }

  @Test
  void start_otherUpdateThanRoundWasJoinedWith_refused() {
    site.journal.add(
        new JournalEntry.Joined(
            ATTEMPT, CONTEXT, TestConsortium.MODEL, TestConsortium.hash("other update")));

    assertRefuses(
        new ToSite.RoundStart(TestConsortium.attempt(7, 1), TestConsortium.MODEL, roster),
        SiteRefusal.UPDATE_CHANGED);
  }

  private static JournalEntry released(long round, int attempt) {
    return new JournalEntry.Released(
        TestConsortium.attempt(round, attempt),
        CONTEXT,
        TestConsortium.MODEL,
        TestConsortium.hash("statement"));
  }

  private static ToSite.RoundStart start(List<RosterEntry> roster) {
    return new ToSite.RoundStart(ATTEMPT, TestConsortium.MODEL, roster);
  }

  private void assertRefuses(ToSite.RoundStart message, SiteRefusal reason) {
    List<JournalEntry> journal = List.copyOf(site.journal);

    List<SiteEffect> effects = site.receive(message);

    assertThat(site.refusal()).contains(reason);
    assertThat(effects).contains(new SiteEffect.Send(new FromSite.Withdrawal(reason)));
    assertThat(site.state).isEqualTo(new SiteState.Aborted(message.attempt(), reason));
    assertThat(site.journal).isEqualTo(journal);
    assertThat(site.entropies.getLast()).matches(SecretBytes::isErased);
  }
}
