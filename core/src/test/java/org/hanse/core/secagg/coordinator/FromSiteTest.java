package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.site.SiteEffect;
import org.junit.jupiter.api.Test;

class FromSiteTest {
  private static final Bytes SHARE = TestConsortium.hash("share").bytes();
  private static final Bytes SELF_MASK = TestConsortium.hash("self mask").bytes();
  private static final FromSite.ReleasedShare RELEASED =
      new FromSite.ReleasedShare(3, FromSite.ShareKind.SELF_MASK, SHARE);
  private static final FromSite.Release RELEASE =
      new FromSite.Release(SELF_MASK, List.of(RELEASED), Bytes.of((byte) 1));

  @Test
  void toString_release_printsNoSecret() {
    assertThat(RELEASED).hasToString("share SELF_MASK of site 3");
    assertThat(RELEASE).hasToString("release of a self mask and 1 shares");
  }

  @Test
  void toString_whateverHoldsARelease_printsNoSecret() {
    for (Object holder :
        List.of(
            new SiteEffect.Send(RELEASE),
            new AggregationEvent.Received(TestConsortium.signingKey("a").fingerprint(), RELEASE),
            Answers.NONE.with(TestConsortium.signingKey("a").fingerprint(), RELEASE))) {
      assertThat(holder.toString()).doesNotContain(SHARE.toHex()).doesNotContain(SELF_MASK.toHex());
    }
  }
}
