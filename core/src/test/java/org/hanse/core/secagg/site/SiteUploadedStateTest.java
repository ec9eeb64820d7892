package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteUploadedStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.before(ToSite.Survivors.class);
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Uploaded.class;
  }

  @Override
  int handled() {
    return 3;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of(ToSite.Survivors.class);
  }

  @Override
  boolean takesUpload() {
    return true;
  }

  @Test
  void handle_sameUploadMaskedAgain_sameCommit() {
    SiteScenario scenario = SiteScenario.masking();
    List<SiteEffect> first = scenario.site.handle(SiteScenario.uploadMasked());

    List<SiteEffect> again = scenario.site.handle(SiteScenario.uploadMasked());

    assertThat(again).isEqualTo(first);
    assertThat(scenario.site.state).isInstanceOf(SiteState.Uploaded.class);
  }

  @Test
  void handle_otherUploadMasked_neverASecondCommit() {
    SiteScenario scenario = scenario();
    Set<SecretBytes> secrets = Secrets.in(scenario.site.state);

    List<SiteEffect> effects = scenario.site.handle(SiteScenario.uploadMasked());

    assertThat(scenario.site.refusal()).contains(SiteRefusal.UPDATE_CHANGED);
    assertThat(effects).noneMatch(this::isCommit);
    assertThat(secrets).allMatch(SecretBytes::isErased);
  }

  private boolean isCommit(SiteEffect effect) {
    return effect instanceof SiteEffect.Send(FromSite message)
        && message instanceof FromSite.UploadCommit;
  }

  @Test
  void receive_survivors_confirmsOneStatement() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Survivors.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Confirmed.class);
    FromSite.Confirmation confirmation =
        (FromSite.Confirmation) ((SiteEffect.Send) effects.getFirst()).message();
    assertThat(confirmation.statement())
        .isEqualTo(scenario.message(ToSite.Result.class).statement());
  }
}
