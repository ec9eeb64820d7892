package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** Idle, Done and Aborted: nothing is under way. */
class SiteFinishedStateTest {

  @Test
  void idle_start_journalsBeforeKeysAreSent() {
    SiteScenario scenario = SiteScenario.idle();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.RoundStart.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Advertised.class);
    assertThat(effects).hasSize(2);
    assertThat(((SiteEffect.Journal) effects.getFirst()).entry())
        .isInstanceOf(JournalEntry.Joined.class);
    assertThat(((SiteEffect.Send) effects.getLast()).message())
        .isInstanceOf(FromSite.Advertisement.class);
  }

  @Test
  void idle_anyOtherInput_startsNothing() {
    for (SiteInput input : inputs(SiteScenario.idle())) {
      SiteScenario scenario = SiteScenario.idle();

      List<SiteEffect> effects = scenario.site.handle(input);

      assertThat(scenario.site.state).isEqualTo(new SiteState.Idle());
      assertThat(effects).doesNotHaveAnyElementsOfTypes(SiteEffect.Send.class);
    }
  }

  @Test
  void done_anyInput_repliesAsBeforeOrNothing() {
    for (SiteInput input : inputs(SiteScenario.idle())) {
      SiteScenario scenario = SiteScenario.done();
      SiteState before = scenario.site.state;
      List<FromSite> sent = scenario.sent();

      List<SiteEffect> effects = scenario.site.handle(input);

      assertThat(scenario.site.state).isSameAs(before);
      assertThat(effects)
          .allSatisfy(effect -> assertThat(sent).contains(((SiteEffect.Send) effect).message()));
    }
  }

  @Test
  void done_resultRepeated_sameVerdict() {
    SiteScenario scenario = SiteScenario.done();
    FromSite verdict = scenario.sent().getLast();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Result.class);

    assertThat(verdict).isInstanceOf(FromSite.Verdict.class);
    assertThat(effects).containsExactly(new SiteEffect.Send(verdict));
  }

  @Test
  void done_always_holdsNoSecret() {
    assertThat(Secrets.in(SiteScenario.done().site.state)).isEmpty();
  }

  @Test
  void done_sameRoundAgain_refused() {
    SiteScenario scenario = SiteScenario.done();
    ToSite.RoundStart first = scenario.message(ToSite.RoundStart.class);

    scenario.site.receive(
        new ToSite.RoundStart(TestConsortium.attempt(7, 1), first.modelHash(), first.roster()));

    assertThat(scenario.site.refusal()).contains(SiteRefusal.ROUND_ALREADY_RELEASED);
  }

  @Test
  void aborted_anyInput_nothing() {
    for (SiteInput input : inputs(SiteScenario.idle())) {
      SiteScenario scenario = SiteScenario.before(ToSite.Survivors.class);
      scenario.site.handle(new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));
      SiteState before = scenario.site.state;

      assertThat(scenario.site.handle(input)).isEmpty();

      assertThat(scenario.site.state).isSameAs(before);
    }
  }

  @Test
  void aborted_startRepeated_nothingAndEntropyErased() {
    SiteScenario scenario = SiteScenario.before(ToSite.Survivors.class);
    scenario.site.handle(new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));

    assertThat(scenario.receiveNext(ToSite.RoundStart.class)).isEmpty();

    assertThat(scenario.site.entropies).hasSize(2).allMatch(SecretBytes::isErased);
  }

  @Test
  void aborted_laterAttemptBeforeRelease_joins() {
    SiteScenario scenario = SiteScenario.before(ToSite.Quorum.class);
    scenario.site.handle(new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));
    ToSite.RoundStart first = scenario.message(ToSite.RoundStart.class);

    scenario.site.receive(
        new ToSite.RoundStart(TestConsortium.attempt(7, 1), first.modelHash(), first.roster()));

    assertThat(scenario.site.state).isInstanceOf(SiteState.Advertised.class);
  }

  private static Set<SiteInput> inputs(SiteScenario scenario) {
    return Set.of(
        new SiteInput.Received(scenario.message(ToSite.Roster.class)),
        new SiteInput.Received(scenario.message(ToSite.SharesFor.class)),
        new SiteInput.Received(scenario.message(ToSite.Survivors.class)),
        new SiteInput.Received(scenario.message(ToSite.Quorum.class)),
        new SiteInput.Received(scenario.message(ToSite.Result.class)),
        SiteScenario.uploadMasked(),
        SiteScenario.good(),
        new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));
  }
}
