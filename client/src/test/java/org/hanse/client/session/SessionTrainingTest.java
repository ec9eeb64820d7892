package org.hanse.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hanse.client.session.SessionFixture.CLOSED;
import static org.hanse.client.session.SessionFixture.INITIAL;
import static org.hanse.client.session.SessionFixture.JOB;
import static org.hanse.client.session.SessionFixture.JOINED;
import static org.hanse.client.session.SessionFixture.NEXT;
import static org.hanse.client.session.SessionFixture.ONE;
import static org.hanse.client.session.SessionFixture.RELEASED;
import static org.hanse.client.session.SessionFixture.SAVED;
import static org.hanse.client.session.SessionFixture.TWO;
import static org.hanse.client.session.SessionFixture.WAITING;
import static org.hanse.client.session.SessionFixture.allowed;
import static org.hanse.client.session.SessionFixture.assertDeclined;
import static org.hanse.client.session.SessionFixture.assertStep;
import static org.hanse.client.session.SessionFixture.considering;
import static org.hanse.client.session.SessionFixture.handle;
import static org.hanse.client.session.SessionFixture.hash;
import static org.hanse.client.session.SessionFixture.refused;
import static org.hanse.client.session.SessionFixture.saved;
import static org.hanse.client.session.SessionFixture.train;

import java.util.Optional;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.junit.jupiter.api.Test;

class SessionTrainingTest {
  @Test
  void train_offered_isConsideredFirst() {
    Work work = train(ONE, INITIAL);
    assertStep(
        handle(WAITING, new SessionEvent.Offered(work)),
        considering(work),
        new SessionEffect.Consider(ONE, Optional.of(JOB.planHash())));
  }

  @Test
  void train_allowedOnTheInitialModel_trains() {
    assertStep(
        handle(considering(train(ONE, INITIAL)), allowed()),
        new SessionState.Training(ONE, INITIAL),
        new SessionEffect.Train(ONE, INITIAL));
  }

  @Test
  void train_allowedOnTheModelThisSiteComputed_trains() {
    assertStep(
        handle(considering(train(TWO, NEXT)), allowed(), new SiteRecord.ModelTrusted(ONE, NEXT)),
        new SessionState.Training(TWO, NEXT),
        new SessionEffect.Train(TWO, NEXT));
  }

  @Test
  void train_onAnOlderModelThanTheNewestKnown_isDeclined() {
    assertDeclined(
        handle(considering(train(TWO, INITIAL)), allowed(), new SiteRecord.ModelTrusted(ONE, NEXT)),
        TWO,
        DeclineReason.MODEL);
  }

  @Test
  void train_onAnUnknownModelWithoutProof_isDeclined() {
    assertDeclined(
        handle(considering(train(TWO, hash("crafted"))), allowed()), TWO, DeclineReason.MODEL);
  }

  @Test
  void train_updateIsSavedAlready_isReportedAndNotTrainedAgain() {
    assertStep(
        handle(considering(train(ONE, INITIAL)), allowed(), SAVED),
        WAITING,
        new SessionEffect.ReportReady(ONE));
  }

  @Test
  void train_updateIsSavedFromAnotherModel_isDeclined() {
    assertDeclined(
        handle(
            considering(train(ONE, NEXT)),
            allowed(),
            SAVED,
            new SiteRecord.ModelTrusted(ONE, NEXT)),
        ONE,
        DeclineReason.MODEL);
  }

  @Test
  void train_updateIsSavedForAnotherPlan_isDeclined() {
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), allowed(), saved(hash("another plan"))),
        ONE,
        DeclineReason.POLICY);
  }

  @Test
  void train_roundReleasedOrClosed_isDeclined() {
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), allowed(), SAVED, JOINED, RELEASED),
        ONE,
        DeclineReason.POLICY);
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), allowed(), SAVED, CLOSED),
        ONE,
        DeclineReason.POLICY);
  }

  @Test
  void train_modelReleasedAsOftenAsAllowed_isDeclined() {
    SiteRecord again =
        new SiteRecord.Protocol(
            new JournalEntry.Released(new AttemptId(TWO, 0), hash("ctx"), INITIAL, hash("stmt")));
    RoundId three = TWO.next();
    assertThat(handle(considering(train(TWO, INITIAL)), allowed(), RELEASED).effects().getFirst())
        .isInstanceOf(SessionEffect.Train.class);
    assertDeclined(
        handle(considering(train(three, INITIAL)), allowed(), RELEASED, again),
        three,
        DeclineReason.MODEL_RELEASED_TOO_OFTEN);
  }

  @Test
  void train_moreRoundsBetweenThanMayBeDiscarded_isDeclined() {
    RoundId three = TWO.next(); // two may be, so the job is over when the second was
    assertDeclined(
        handle(considering(train(three, INITIAL)), allowed()), three, DeclineReason.MODEL);
    assertDeclined(
        handle(
            considering(train(three.next(), NEXT)),
            allowed(),
            new SiteRecord.ModelTrusted(ONE, NEXT)),
        three.next(),
        DeclineReason.MODEL);
    assertThat(
            handle(
                    considering(train(three, NEXT)),
                    allowed(),
                    new SiteRecord.ModelTrusted(ONE, NEXT))
                .next())
        .isEqualTo(new SessionState.Training(three, NEXT));
  }

  @Test
  void train_ofALaterRound_closesTheRoundsBefore() {
    Work work = train(TWO, INITIAL);
    assertStep(
        handle(WAITING, new SessionEvent.Offered(work), SAVED),
        considering(work),
        new SessionEffect.CloseRound(ONE),
        new SessionEffect.Consider(TWO, Optional.of(JOB.planHash())));
  }

  @Test
  void train_policyRefuses_isDeclined() {
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), refused(Rule.CLIP_NORM_TOO_LARGE)),
        ONE,
        DeclineReason.POLICY);
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), refused(Rule.NOT_APPROVED, Rule.SITS_OUT)),
        ONE,
        DeclineReason.POLICY);
    assertDeclined(
        handle(considering(train(ONE, INITIAL)), refused(Rule.NO_DATASET)),
        ONE,
        DeclineReason.DATA);
  }

  @Test
  void train_onlyApprovalMissing_isAnnouncedOnceAndAskedAgain() {
    Work work = train(ONE, INITIAL);
    SessionState awaiting = new SessionState.AwaitingApproval(work);
    SessionState announced = new SessionState.Considering(work, true);
    assertStep(
        handle(considering(work), refused(Rule.NOT_APPROVED)),
        awaiting,
        new SessionEffect.AnnounceApprovalMissing(ONE));
    assertStep(
        handle(awaiting, new SessionEvent.PolicyMayHaveChanged()),
        announced,
        new SessionEffect.Consider(ONE, Optional.of(JOB.planHash())));
    assertStep(handle(announced, refused(Rule.NOT_APPROVED)), awaiting);
    assertStep(
        handle(announced, allowed()),
        new SessionState.Training(ONE, INITIAL),
        new SessionEffect.Train(ONE, INITIAL));
    assertDeclined(
        handle(awaiting, new SessionEvent.DeadlinePassed()), ONE, DeclineReason.NOT_APPROVED);
  }

  @Test
  void training_ended_isReported() {
    SessionState training = new SessionState.Training(ONE, INITIAL);
    assertStep(
        handle(training, new SessionEvent.UpdateSaved(ONE)),
        WAITING,
        new SessionEffect.ReportReady(ONE));
    assertStep(
        handle(
            training, new SessionEvent.TrainingFailed(ONE, DeclineReason.DATA, "no such column")),
        WAITING,
        new SessionEffect.Decline(ONE, DeclineReason.DATA, "no such column"));
  }
}
