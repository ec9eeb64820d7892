package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AggregationUploadingStateTest extends GatheringStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.awaitingAnswerTo(ToSite.SharesFor.class);
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Uploading.class;
  }

  @Override
  int handled() {
    return 2;
  }

  @Override
  Class<? extends FromSite> awaited() {
    return FromSite.UploadCommit.class;
  }

  @Override
  Class<? extends AggregationState> next() {
    return AggregationState.Confirming.class;
  }

  @Test
  void receive_complaint_endsTheAttemptAndNamesBoth() {
    CoordinatorScenario scenario = scenario();
    Fingerprint dealer = scenario.federation.site(0).name();

    List<AggregationEffect> effects =
        scenario.receive(scenario.complaint(dealer, ComplaintReason.TAG_KEY_INVALID));

    assertThat(scenario.federation.aborted()).contains(AbortReason.SHARE_REFUSED);
    assertThat(effects)
        .hasSize(3)
        .startsWith(
            new AggregationEffect.Persist(),
            new AggregationEffect.Dispute(
                scenario.straggler, dealer, ComplaintReason.TAG_KEY_INVALID))
        .last()
        .isInstanceOf(AggregationEffect.Abort.class);
  }

  @Test
  void receive_complaintAboutADealerThatLeft_stillCounts() {
    CoordinatorScenario scenario = scenario();
    Fingerprint dealer = scenario.federation.site(0).name();
    scenario.handle(new AggregationEvent.Gone(dealer));

    scenario.receive(scenario.complaint(dealer, ComplaintReason.BOX_UNREADABLE));

    assertThat(scenario.federation.aborted()).contains(AbortReason.SHARE_REFUSED);
  }

  @Test
  void receive_forgedComplaint_changesNothing() {
    CoordinatorScenario scenario = scenario();
    Fingerprint dealer = scenario.federation.site(0).name();
    FromSite.Complaint signed = scenario.complaint(dealer, ComplaintReason.SHARE_INVALID);
    Fingerprint another = scenario.federation.site(1).name();

    for (FromSite.Complaint forged :
        List.of(
            new FromSite.Complaint(another, signed.reason(), signed.signature()),
            new FromSite.Complaint(dealer, ComplaintReason.WRONG_LENGTH, signed.signature()),
            new FromSite.Complaint(dealer, signed.reason(), Forgery.flipped(signed.signature(), 9)),
            new FromSite.Complaint(
                dealer,
                signed.reason(),
                SignedContent.complaint(dealer, signed.reason())
                    .signedBy(
                        scenario.federation.site(CoordinatorScenario.STRAGGLER).identity,
                        TestConsortium.hash("another attempt"))))) {
      assertRejects(scenario, scenario.straggler, forged, DropReason.SIGNATURE_INVALID);
    }
  }

  @Test
  void receive_complaintAboutItselfOrWhoDealtNothing_changesNothing() {
    CoordinatorScenario scenario = scenario();
    Fingerprint stranger = TestConsortium.signingKey("stranger").fingerprint();

    for (Fingerprint dealer : List.of(scenario.straggler, stranger)) {
      assertRejects(
          scenario,
          scenario.straggler,
          scenario.complaint(dealer, ComplaintReason.SHARE_INVALID),
          DropReason.WRONG_SET);
    }
  }

  @Test
  void receive_complaintBeforeTheBoxesOrAfterTheirUse_changesNothing() {
    CoordinatorScenario early = CoordinatorScenario.awaitingAnswerTo(ToSite.Roster.class);
    CoordinatorScenario uploaded = scenario();
    CoordinatorScenario late = CoordinatorScenario.awaitingAnswerTo(ToSite.Survivors.class);
    SimulatedSite other = uploaded.federation.site(0);
    FromSite.Complaint afterUpload =
        new FromSite.Complaint(
            uploaded.straggler,
            ComplaintReason.SHARE_INVALID,
            SignedContent.complaint(uploaded.straggler, ComplaintReason.SHARE_INVALID)
                .signedBy(other.identity, uploaded.state().context()));

    assertRejects(early, early.straggler, aboutTheFirst(early), DropReason.EARLY);
    assertRejects(uploaded, other.name(), afterUpload, DropReason.LATE);
    assertRejects(late, late.straggler, aboutTheFirst(late), DropReason.LATE);
  }

  @Test
  void receive_complaintAgain_changesNothing() {
    CoordinatorScenario scenario = scenario();
    FromSite.Complaint first = aboutTheFirst(scenario);
    scenario.receive(first);

    assertThat(scenario.receive(first)).isEmpty();
    assertRejects(
        scenario,
        scenario.straggler,
        scenario.complaint(scenario.federation.site(1).name(), ComplaintReason.SHARE_INVALID),
        DropReason.DIFFERENT_REPEAT);
  }

  private static FromSite.Complaint aboutTheFirst(CoordinatorScenario scenario) {
    return scenario.complaint(scenario.federation.site(0).name(), ComplaintReason.SHARE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARE_INVALID", "COHORT_TOO_SMALL"})
  void receive_withdrawal_isADropoutAndTheOthersGoOn(SiteRefusal reason) {
    CoordinatorScenario scenario = scenario();

    scenario.receive(new FromSite.Withdrawal(reason));

    AggregationState.Confirming next = (AggregationState.Confirming) scenario.state();
    assertThat(next.survivors().sites()).hasSize(4).doesNotContain(scenario.straggler);
    assertThat(next.survivors().dropouts()).containsExactly(scenario.straggler);
  }

  @Test
  void handle_goneAfterItsUpload_staysInTheSum() {
    CoordinatorScenario scenario = scenario();
    Fingerprint other = scenario.federation.site(0).name();
    scenario.handle(new AggregationEvent.Gone(other));

    scenario.receive(scenario.message(FromSite.UploadCommit.class));

    AggregationState.Confirming next = (AggregationState.Confirming) scenario.state();
    assertThat(next.survivors().sites()).hasSize(5).contains(other);
    assertThat(next.present()).doesNotContain(other);
  }
}
