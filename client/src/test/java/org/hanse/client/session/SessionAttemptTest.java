package org.hanse.client.session;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.hanse.client.session.SessionFixture.CLOSED;
import static org.hanse.client.session.SessionFixture.FIRST;
import static org.hanse.client.session.SessionFixture.INITIAL;
import static org.hanse.client.session.SessionFixture.JOINED;
import static org.hanse.client.session.SessionFixture.NEXT;
import static org.hanse.client.session.SessionFixture.ONE;
import static org.hanse.client.session.SessionFixture.QUORUM;
import static org.hanse.client.session.SessionFixture.RELEASED;
import static org.hanse.client.session.SessionFixture.ROSTER;
import static org.hanse.client.session.SessionFixture.SAVED;
import static org.hanse.client.session.SessionFixture.SECOND;
import static org.hanse.client.session.SessionFixture.TWO;
import static org.hanse.client.session.SessionFixture.WAITING;
import static org.hanse.client.session.SessionFixture.allowed;
import static org.hanse.client.session.SessionFixture.assertStep;
import static org.hanse.client.session.SessionFixture.considering;
import static org.hanse.client.session.SessionFixture.handle;
import static org.hanse.client.session.SessionFixture.hash;
import static org.hanse.client.session.SessionFixture.refused;
import static org.hanse.client.session.SessionFixture.saved;
import static org.hanse.client.session.SessionFixture.start;
import static org.hanse.client.session.SessionFixture.step;
import static org.hanse.client.session.SessionFixture.train;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionAttemptTest {
  @Test
  void start_allowedWithSavedUpdate_opens() {
    Work work = start(FIRST);
    assertStep(
        handle(WAITING, new SessionEvent.Offered(work), SAVED),
        considering(work),
        new SessionEffect.Consider(ONE, Optional.empty()));
    assertStep(
        handle(considering(work), allowed(), SAVED),
        new SessionState.InAttempt(FIRST),
        new SessionEffect.OpenAttempt(work, new WorkContent.Start(INITIAL, List.of()), SAVED));
  }

  @Test
  void start_updateIsSavedForAnotherPlan_isWithdrawnFrom() {
    assertStep(
        handle(considering(start(FIRST)), allowed(), saved(hash("another plan"))),
        WAITING,
        new SessionEffect.Withdraw(FIRST, SiteRefusal.UPDATE_INVALID));
  }

  @Test
  void start_withoutUpdate_isWithdrawnFrom() {
    assertStep(
        handle(considering(start(FIRST)), allowed()),
        WAITING,
        new SessionEffect.Withdraw(FIRST, SiteRefusal.UPDATE_INVALID));
  }

  @Test
  void start_ofAReleasedOrClosedRound_isWithdrawnFrom() {
    SessionEffect withdrawn =
        new SessionEffect.Withdraw(SECOND, SiteRefusal.ROUND_ALREADY_RELEASED);
    assertStep(
        handle(considering(start(SECOND)), allowed(), SAVED, JOINED, RELEASED), WAITING, withdrawn);
    assertStep(handle(considering(start(SECOND)), allowed(), SAVED, CLOSED), WAITING, withdrawn);
  }

  @Test
  void start_policyRefuses_isWithdrawnFrom() {
    assertStep(
        handle(considering(start(FIRST)), refused(Rule.NOT_APPROVED), SAVED),
        WAITING,
        new SessionEffect.Withdraw(FIRST, SiteRefusal.POLICY_FORBIDS));
  }

  @Test
  void start_ofALaterAttempt_stopsTheOneUnderWay() {
    Work work = start(SECOND);
    assertStep(
        handle(new SessionState.InAttempt(FIRST), new SessionEvent.Offered(work), SAVED),
        considering(work),
        new SessionEffect.StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE),
        new SessionEffect.Consider(ONE, Optional.empty()));
  }

  @Test
  void message_ofTheAttemptUnderWay_isFed() {
    SessionState in = new SessionState.InAttempt(FIRST);
    assertStep(
        handle(in, new SessionEvent.Offered(step(FIRST, ROSTER))),
        in,
        new SessionEffect.Feed(ROSTER));
  }

  @Test
  void quorum_isConsideredOnceMoreBeforeTheRelease() {
    SessionState in = new SessionState.InAttempt(FIRST);
    Work work = step(FIRST, QUORUM);
    SessionState before = new SessionState.BeforeRelease(FIRST, work);
    assertStep(
        handle(in, new SessionEvent.Offered(work)),
        before,
        new SessionEffect.Consider(ONE, Optional.empty()));
    assertStep(handle(before, allowed()), in, new SessionEffect.Feed(QUORUM));
    assertStep(
        handle(before, refused(Rule.COHORT_BELOW_FLOOR)),
        WAITING,
        new SessionEffect.StopAttempt(SiteRefusal.POLICY_FORBIDS),
        new SessionEffect.Withdraw(FIRST, SiteRefusal.POLICY_FORBIDS));
  }

  @Test
  void message_ofAnAttemptWhoseSecretsAreGone_isWithdrawnFrom() {
    assertStep(
        handle(WAITING, new SessionEvent.Offered(step(FIRST, ROSTER)), SAVED, JOINED),
        WAITING,
        new SessionEffect.Withdraw(FIRST, SiteRefusal.ATTEMPT_ALREADY_JOINED));
    assertStep(
        handle(WAITING, new SessionEvent.Offered(step(FIRST, ROSTER))),
        WAITING,
        new SessionEffect.Withdraw(FIRST, SiteRefusal.UNEXPECTED_MESSAGE));
    assertStep(
        handle(new SessionState.InAttempt(FIRST), new SessionEvent.Offered(step(SECOND, ROSTER))),
        WAITING,
        new SessionEffect.StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE),
        new SessionEffect.Withdraw(SECOND, SiteRefusal.UNEXPECTED_MESSAGE));
  }

  @Test
  void attemptEnded_withACheckedModel_isTrustedClosedAndAnnounced() {
    assertStep(
        handle(
            new SessionState.InAttempt(FIRST),
            new SessionEvent.AttemptEnded(FIRST, Optional.of(NEXT)),
            SAVED,
            RELEASED),
        WAITING,
        new SessionEffect.TrustModel(ONE, NEXT),
        new SessionEffect.CloseRound(ONE),
        new SessionEffect.AnnounceRound(ONE, NEXT));
  }

  @Test
  void attemptEnded_withoutModel_keepsTheUpdateUnlessReleased() {
    SessionEvent ended = new SessionEvent.AttemptEnded(FIRST, Optional.empty());
    SessionState in = new SessionState.InAttempt(FIRST);
    assertStep(handle(in, ended, SAVED, JOINED), WAITING);
    SessionEffect spent = new SessionEffect.AnnounceSpent(ONE, Optional.empty());
    assertStep(
        handle(in, ended, SAVED, JOINED, RELEASED),
        WAITING,
        new SessionEffect.CloseRound(ONE),
        spent);
    assertStep(handle(in, ended, SAVED, JOINED, RELEASED, CLOSED), WAITING, spent);
    assertStep(handle(WAITING, ended, SAVED), WAITING);
  }

  @Test
  void attemptClosed_unpublished_keepsTheUpdateForTheNextAttempt() {
    Work failed =
        Work.of(
            FIRST, 0, new WorkContent.AttemptClosed(Optional.of(AbortReason.TOO_FEW_SURVIVORS)));
    assertStep(
        handle(new SessionState.InAttempt(FIRST), new SessionEvent.Offered(failed), SAVED, JOINED),
        WAITING,
        new SessionEffect.StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE));
    assertStep(
        handle(WAITING, new SessionEvent.Offered(failed), SAVED, JOINED, RELEASED),
        WAITING,
        new SessionEffect.CloseRound(ONE),
        new SessionEffect.AnnounceSpent(ONE, Optional.of(AbortReason.TOO_FEW_SURVIVORS)));
    assertStep(
        handle(WAITING, new SessionEvent.Offered(failed), SAVED, JOINED, RELEASED, CLOSED),
        WAITING);
  }

  @Test
  void attemptClosed_published_closesTheRound() {
    Work published = Work.of(FIRST, 0, new WorkContent.AttemptClosed(Optional.empty()));
    assertStep(
        handle(WAITING, new SessionEvent.Offered(published), SAVED),
        WAITING,
        new SessionEffect.CloseRound(ONE));
    assertStep(handle(WAITING, new SessionEvent.Offered(published), SAVED, CLOSED), WAITING);
    assertStep(handle(WAITING, new SessionEvent.Offered(published)), WAITING);
  }

  @Test
  void deadlinePassed_inAnAttempt_stopsAndWithdraws() {
    SessionEffect[] given = {
      new SessionEffect.StopAttempt(SiteRefusal.DEADLINE_PASSED),
      new SessionEffect.Withdraw(FIRST, SiteRefusal.DEADLINE_PASSED)
    };
    SessionEvent passed = new SessionEvent.DeadlinePassed();
    assertStep(handle(new SessionState.InAttempt(FIRST), passed), WAITING, given);
    assertStep(
        handle(new SessionState.BeforeRelease(FIRST, step(FIRST, QUORUM)), passed), WAITING, given);
    assertStep(handle(considering(start(FIRST)), passed), WAITING);
    assertStep(handle(WAITING, passed), WAITING);
  }

  @Test
  void jobEnded_letsGoOfEverything() {
    WorkContent.JobEnded how = new WorkContent.JobEnded(JobState.COMPLETED, Optional.empty());
    assertStep(
        handle(
            new SessionState.InAttempt(FIRST),
            new SessionEvent.Offered(Work.of(FIRST, 0, how)),
            SAVED),
        new SessionState.Ended(),
        new SessionEffect.StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE),
        new SessionEffect.CloseRound(ONE),
        new SessionEffect.EndJob(how));
  }

  @Test
  void jobEnded_failedAfterARelease_saysThatTheRoundIsSpent() {
    WorkContent.JobEnded how =
        new WorkContent.JobEnded(JobState.FAILED, Optional.of(AbortReason.ROUNDS_DISCARDED));
    assertStep(
        handle(WAITING, new SessionEvent.Offered(Work.of(FIRST, 0, how)), SAVED, JOINED, RELEASED),
        new SessionState.Ended(),
        new SessionEffect.CloseRound(ONE),
        new SessionEffect.AnnounceSpent(ONE, Optional.of(AbortReason.ROUNDS_DISCARDED)),
        new SessionEffect.EndJob(how));
  }

  static Stream<SessionEvent> anything() {
    return Stream.of(
        new SessionEvent.Offered(train(TWO, INITIAL)),
        new SessionEvent.Offered(start(SECOND)),
        allowed(),
        new SessionEvent.PolicyMayHaveChanged(),
        new SessionEvent.UpdateSaved(ONE),
        new SessionEvent.AttemptEnded(FIRST, Optional.of(NEXT)),
        new SessionEvent.DeadlinePassed());
  }

  @ParameterizedTest
  @MethodSource("anything")
  void ended_whateverComes_staysEnded(SessionEvent event) {
    assertStep(handle(new SessionState.Ended(), event, SAVED), new SessionState.Ended());
  }

  static Stream<SessionState> undecided() {
    return Stream.of(
        WAITING,
        new SessionState.AwaitingApproval(train(ONE, INITIAL)),
        new SessionState.Training(ONE, INITIAL),
        new SessionState.InAttempt(FIRST));
  }

  @ParameterizedTest
  @MethodSource("undecided")
  void decision_thatWasNotAskedFor_isOurBug(SessionState state) {
    assertThatIllegalStateException().isThrownBy(() -> handle(state, allowed()));
    assertThatIllegalStateException().isThrownBy(() -> handle(state, refused(Rule.NOT_APPROVED)));
  }

  @Test
  void paused_inAnAttempt_stopsItAndSaysSo() {
    Work paused = Work.of(new AttemptId(ONE, 0), 0, new WorkContent.JobPaused(Optional.empty()));

    assertStep(
        handle(new SessionState.InAttempt(FIRST), new SessionEvent.Offered(paused), SAVED, JOINED),
        WAITING,
        new SessionEffect.StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE),
        new SessionEffect.AnnouncePaused(ONE.job(), Optional.empty()));
  }

  @Test
  void paused_withNothingToDo_waits() {
    Work paused =
        Work.of(
            new AttemptId(ONE, 0),
            0,
            new WorkContent.JobPaused(Optional.of(AbortReason.RESULT_REFUSED)));

    assertStep(
        handle(considering(train(ONE, INITIAL)), new SessionEvent.Offered(paused)),
        WAITING,
        new SessionEffect.AnnouncePaused(ONE.job(), Optional.of(AbortReason.RESULT_REFUSED)));
  }
}
