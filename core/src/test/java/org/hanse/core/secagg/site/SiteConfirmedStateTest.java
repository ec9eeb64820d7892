package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class SiteConfirmedStateTest extends SiteStateContract {
  @Override
  SiteScenario scenario() {
    return SiteScenario.before(ToSite.Quorum.class);
  }

  @Override
  Class<? extends SiteState> state() {
    return SiteState.Confirmed.class;
  }

  @Override
  int handled() {
    return 4;
  }

  @Override
  Set<Class<? extends ToSite>> expected() {
    return Set.of(ToSite.Quorum.class, ToSite.Result.class);
  }

  @Test
  void receive_quorum_journalsBeforeItReleases() {
    SiteScenario scenario = scenario();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Quorum.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Released.class);
    assertThat(effects).hasSize(2);
    JournalEntry entry = ((SiteEffect.Journal) effects.getFirst()).entry();
    assertThat(((JournalEntry.Released) entry).statement())
        .isEqualTo(scenario.message(ToSite.Result.class).statement());
    FromSite.Release release = (FromSite.Release) ((SiteEffect.Send) effects.getLast()).message();
    assertThat(release.shares())
        .hasSize(4)
        .allMatch(share -> share.kind() == FromSite.ShareKind.SELF_MASK);
  }

  @Test
  void receive_quorum_onlyTheTagKeyIsLeft() {
    SiteScenario scenario = scenario();
    Set<SecretBytes> before = Secrets.in(scenario.site.state);

    scenario.receiveNext(ToSite.Quorum.class);

    assertThat(before).hasSizeGreaterThan(1);
    assertThat(Secrets.in(scenario.site.state)).hasSize(1);
    assertThat(before.stream().filter(secret -> !secret.isErased())).hasSize(1);
  }

  @Test
  void receive_resultBeforeQuorum_checkedWithoutRelease() {
    SiteScenario scenario = scenario();
    Set<SecretBytes> before = Secrets.in(scenario.site.state);

    List<SiteEffect> effects = scenario.receiveNext(ToSite.Result.class);

    assertThat(scenario.site.state).isInstanceOf(SiteState.Checking.class);
    assertThat(effects).hasSize(1).hasOnlyElementsOfType(SiteEffect.CheckResult.class);
    assertThat(scenario.site.history().released(TestConsortium.attempt(7, 0).round())).isFalse();
    assertThat(before.stream().filter(secret -> !secret.isErased())).as("the tag key").hasSize(1);
  }
}
