package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
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
  boolean takesCheck() {
    return true;
  }

  @Test
  void handle_goodResult_closesTheRoundBeforeItVotesOk() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.site.handle(SiteScenario.good());

    assertThat(effects).hasSize(2);
    assertThat(effects.getFirst())
        .isEqualTo(
            new SiteEffect.Journal(new JournalEntry.Closed(TestConsortium.attempt(7, 0).round())));
    FromSite.Verdict verdict = (FromSite.Verdict) ((SiteEffect.Send) effects.getLast()).message();
    assertThat(verdict.ok()).isTrue();
    assertThat(verdict.nextModelHash()).isEqualTo(TestConsortium.hash("next"));
    assertThat(scenario.site.state).isInstanceOf(SiteState.Done.class);
  }

  @Test
  void handle_badResult_closesTheRoundBeforeItVotesAgainstIt() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects =
        scenario.site.handle(
            new SiteInput.ResultChecked(new SiteInput.ResultCheck.Bad(SiteRefusal.RESULT_FORGED)));

    assertThat(effects.getFirst()).isInstanceOf(SiteEffect.Journal.class);
    FromSite.Verdict verdict = (FromSite.Verdict) ((SiteEffect.Send) effects.get(1)).message();
    assertThat(verdict.ok()).isFalse();
    assertThat(scenario.site.refusal()).contains(SiteRefusal.RESULT_FORGED);
    assertThat(scenario.site.state).isInstanceOf(SiteState.Done.class);
  }
}
