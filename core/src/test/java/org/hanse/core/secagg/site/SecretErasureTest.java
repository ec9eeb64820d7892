package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A secret that no later state needs is erased at the transition, not left to the collector. */
class SecretErasureTest {
  private final Set<SecretBytes> ever = Collections.newSetFromMap(new IdentityHashMap<>());

  @ParameterizedTest
  @EnumSource(Suite.class)
  void handle_wholeAttempt_everySecretLeftBehindIsErased(Suite suite) {
    SiteScenario scenario =
        SiteScenario.idle(TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite)));
    SimulatedSite site = scenario.site;

    step(site, site.start(scenario.message(ToSite.RoundStart.class)));
    step(site, new SiteInput.Received(scenario.message(ToSite.Roster.class)));
    step(site, new SiteInput.Received(scenario.message(ToSite.SharesFor.class)));
    UploadMasker masker = ((SiteState.Masking) site.state).masker();
    step(site, new SiteInput.UploadMasked(masker.maskAll(site.update, (chunk, bytes) -> {})));
    step(site, new SiteInput.Received(scenario.message(ToSite.Survivors.class)));
    assertThat(Secrets.in(masker)).as("only the tag key").hasSize(1);
    step(site, new SiteInput.Received(scenario.message(ToSite.Quorum.class)));
    assertThat(Secrets.in(site.state)).as("only the tag key").hasSize(1);
    step(site, new SiteInput.Received(scenario.message(ToSite.Result.class)));
    assertThat(Secrets.in(site.state)).as("only the tag key").hasSize(1);
    step(site, SiteScenario.good());

    assertThat(site.state).isInstanceOf(SiteState.Done.class);
    assertThat(ever).hasSizeGreaterThan(15).allMatch(SecretBytes::isErased);
  }

  @Test
  void erase_box_noSecretLeft() {
    ShareBox box =
        new ShareBox(
            TestConsortium.secret("b"), TestConsortium.secret("s"), TestConsortium.secret("k"));
    assertThat(Secrets.in(box)).hasSize(3);

    box.erase();

    assertThat(Secrets.in(box)).isEmpty();
  }

  private void step(SimulatedSite site, SiteInput input) {
    Set<SecretBytes> before = Secrets.in(site.state);
    before.addAll(Secrets.in(input));

    site.handle(input);

    Set<SecretBytes> after = Secrets.in(site.state);
    ever.addAll(before);
    ever.addAll(after);
    before.removeAll(after);
    assertThat(before).as("left behind by %s", input.getClass()).allMatch(SecretBytes::isErased);
  }
}
