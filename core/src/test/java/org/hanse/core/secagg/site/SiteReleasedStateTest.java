package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteReleasedStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.before(ToSite.Result.class);
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Released.class;
  }

  @Override
  int handled() {
    return 5;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of(ToSite.Result.class);
  }

  @Test
  void receive_result_fetchedAndChecked() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Result.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Checking.class);
    assertThat(((SiteEffect.CheckResult) effects.getFirst()).resultRoot())
        .isEqualTo(scenario.message(ToSite.Result.class).resultRoot());
  }

  @Test
  void receive_otherQuorum_noSecondRelease() {
    SiteScenario scenario = scenario();
    ToSite.Quorum quorum = scenario.message(ToSite.Quorum.class);
    ToSite.Quorum other =
        new ToSite.Quorum(quorum.endorsements().subList(0, quorum.endorsements().size() - 1));

    List<SiteEffect> effects = scenario.site.receive(other);

    assertThat(scenario.site.refusal()).contains(SiteRefusal.UNEXPECTED_MESSAGE);
    assertThat(effects)
        .noneMatch(effect ->
            effect instanceof SiteEffect.Send(FromSite message)
                && message instanceof FromSite.Release);
  }
}
