package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SiteCheckingStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.checking();
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Checking.class;
  }

  @Override
  int handled() {
    return 6;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of();
  }

  @Override
  boolean takesUpload() {
    return false;
  }

  @Override
  boolean takesCheck() {
    return true;
  }

  @Test
  void handle_goodResult_votesOkAndClosesTheRound() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.site.handle(SiteScenario.good());

    FromSite.Verdict verdict = (FromSite.Verdict) ((SiteEffect.Send) effects.getFirst()).message();
    assertThat(verdict.ok()).isTrue();
    assertThat(verdict.nextModelHash()).isEqualTo(TestConsortium.hash("next"));
    assertThat(effects)
        .contains(
            new SiteEffect.Journal(new JournalEntry.Closed(TestConsortium.attempt(7, 0).round())));
    assertThat(scenario.site.state).isInstanceOf(SiteState.Done.class);
  }

  @Test
  void handle_badResult_votesAgainstIt() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects =
        scenario.site.handle(
            new SiteInput.ResultChecked(new SiteInput.ResultCheck.Bad(SiteRefusal.RESULT_FORGED)));

    FromSite.Verdict verdict = (FromSite.Verdict) ((SiteEffect.Send) effects.getFirst()).message();
    assertThat(verdict.ok()).isFalse();
    assertThat(scenario.site.refusal()).contains(SiteRefusal.RESULT_FORGED);
    assertThat(scenario.site.state).isInstanceOf(SiteState.Done.class);
  }
}
