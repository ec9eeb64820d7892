package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteSharedStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.before(ToSite.SharesFor.class);
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Shared.class;
  }

  @Override
  int handled() {
    return 2;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of(ToSite.SharesFor.class);
  }

  @Test
  void receive_shares_masksTheUpload() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.SharesFor.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Masking.class);
    assertThat(effects).hasSize(1).hasOnlyElementsOfType(SiteEffect.MaskAndUpload.class);
  }
}
