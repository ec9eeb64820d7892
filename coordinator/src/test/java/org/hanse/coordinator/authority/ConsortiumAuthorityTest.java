package org.hanse.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.hanse.coordinator.authority.ConsortiumAuthority.SigningCheck;
import org.hanse.coordinator.testing.SigningPair;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestAuthority.Order;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.junit.jupiter.api.Test;

class ConsortiumAuthorityTest {
  private static final SiteId SITE = new SiteId("site-1");
  private static final SigningPair KEY = SigningPair.of("site 1");
  private static final TestAuthority ISSUER = new TestAuthority();

  private final Instant now = Instant.now();
  private final ConsortiumAuthority authority =
      new ConsortiumAuthority(TestAuthority.CONSORTIUM, List.of(ISSUER.certificate()));

  @Test
  void identify_memberOfThisConsortiumOnly() {
    assertThat(authority.identify(ISSUER.siteTls("site-1").certificate()))
        .contains(new PeerIdentity.Site(SITE));
    assertThat(
            new ConsortiumAuthority("lung", List.of(ISSUER.certificate()))
                .identify(ISSUER.siteTls("site-1").certificate()))
        .isEmpty();
  }

  @Test
  void checkSigning_ofThisSite_acceptedWithItsKey() {
    byte[] der = ISSUER.siteSigning("site-1", KEY.platform()).encoded();

    SigningCheck check = authority.checkSigning(der, SITE, now);

    assertThat(check).isInstanceOf(SigningCheck.Accepted.class);
    SigningCheck.Accepted accepted = (SigningCheck.Accepted) check;
    assertThat(accepted.key().entry().site()).isEqualTo(KEY.key().fingerprint());
    assertThat(accepted.key().entry().signingKey()).isEqualTo(KEY.key().publicKey());
    assertThat(accepted.key().certificateDer()).isEqualTo(Bytes.of(der));
  }

  @Test
  void checkSigning_ofAnotherSite_otherSite() {
    byte[] der = ISSUER.siteSigning("site-2", KEY.platform()).encoded();

    assertThat(authority.checkSigning(der, SITE, now)).isInstanceOf(SigningCheck.OtherSite.class);
  }

  @Test
  void checkSigning_ofNoSite_refused() {
    assertRefused(issued(KEY.platform(), order("hanse://heart/user/site-1")), "no site");
    assertRefused(issued(KEY.platform(), order("hanse://heart/coordinator")), "no site");
    assertRefused(issued(KEY.platform(), order("hanse://lung/site/site-1")), "no site");
    assertRefused(issued(KEY.platform(), order("")), "no site");
  }

  @Test
  void checkSigning_ofAnotherAuthority_refused() {
    assertRefused(new TestAuthority().siteSigning("site-1", KEY.platform()).encoded(), "valid one");
  }

  @Test
  void checkSigning_outsideOfItsTime_refused() {
    Duration hour = Duration.ofHours(1);
    Order order = order(TestAuthority.siteUri("site-1"));
    assertRefused(
        issued(KEY.platform(), order.valid(now.minus(hour.multipliedBy(2)), now.minus(hour))),
        "valid one");
    assertRefused(
        issued(KEY.platform(), order.valid(now.plus(hour), now.plus(hour.multipliedBy(2)))),
        "valid one");
  }

  @Test
  void checkSigning_ofAnAuthority_refused() {
    assertRefused(
        issued(KEY.platform(), order(TestAuthority.siteUri("site-1")).asAuthority()),
        "authority's");
  }

  @Test
  void checkSigning_keyOfAnotherKind_refused() {
    assertRefused(issued(TestAuthority.ec(), order(TestAuthority.siteUri("site-1"))), "Ed25519");
  }

  @Test
  void checkSigning_bytesThatAreNotExactlyACertificate_refused() {
    byte[] der = ISSUER.siteSigning("site-1", KEY.platform()).encoded();
    byte[] altered = der.clone();
    altered[altered.length - 1] ^= 1;

    assertRefused(new byte[0], "valid one");
    assertRefused(Arrays.copyOf(der, der.length - 1), "valid one");
    assertRefused(Arrays.copyOf(der, der.length + 1), "valid one");
    assertRefused(altered, "valid one");
    assertRefused(Arrays.copyOf(der, ConsortiumAuthority.MAX_CERTIFICATE_BYTES + 1), "too large");
  }

  private static Order order(String uri) {
    return Order.of(uri, KeyPurposeId.id_kp_clientAuth);
  }

  private static byte[] issued(KeyPair keys, Order order) {
    return ISSUER.issue("site-1", keys, order).encoded();
  }

  private void assertRefused(byte[] der, String detail) {
    SigningCheck check = authority.checkSigning(der, SITE, now);
    assertThat(check).isInstanceOf(SigningCheck.Refused.class);
    assertThat(((SigningCheck.Refused) check).detail()).contains(detail);
  }
}
