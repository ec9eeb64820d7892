package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteMaskingStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.masking();
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Masking.class;
  }

  @Override
  int handled() {
    return 3;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of();
  }

  @Override
  boolean takesUpload() {
    return true;
  }

  @Test
  void handle_uploadMasked_commitsToIt() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.site.handle(SiteScenario.uploadMasked());

    assertThat(scenario.site.state).isInstanceOf(SiteState.Uploaded.class);
    FromSite.UploadCommit commit =
        (FromSite.UploadCommit) ((SiteEffect.Send) effects.getFirst()).message();
    assertThat(commit.root()).isEqualTo(TestConsortium.hash("root"));
    assertThat(commit.lengthElements()).isEqualTo(11);
  }
}
