package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteAdvertisedStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.before(ToSite.Roster.class);
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Advertised.class;
  }

  @Override
  int handled() {
    return 1;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of(ToSite.Roster.class);
  }

  @Test
  void receive_roster_sendsSharesUnderItsHash() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Roster.class);

    KeySet keys = KeySet.of(scenario.message(ToSite.Roster.class).advertisements());
    assertThat(scenario.site.state).isInstanceOf(SiteState.Shared.class);
    assertThat(effects).hasSize(1);
    FromSite.Shares shares = (FromSite.Shares) ((SiteEffect.Send) effects.getFirst()).message();
    assertThat(shares.rosterHash()).isEqualTo(keys.hash());
    assertThat(shares.entries()).hasSize(4);
  }
}
