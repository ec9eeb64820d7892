package org.hanse.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestAuthority.Order;
import org.hanse.core.plan.SiteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateNameTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();

  @Test
  void of_oneUriOfEachRole_thatIdentity() {
    assertThat(CertificateName.of(named("hanse://heart/site/site-1")))
        .contains(new CertificateName("heart", new PeerIdentity.Site(new SiteId("site-1"))));
    assertThat(CertificateName.of(named("hanse://heart/user/alice")))
        .contains(new CertificateName("heart", new PeerIdentity.User("alice")));
    assertThat(CertificateName.of(named("hanse://heart/coordinator")))
        .contains(new CertificateName("heart", new PeerIdentity.Coordinator()));
  }

  static Stream<String> names() {
    String label63 = "a".repeat(63);
    return Stream.of("a", "0", "a-b", "a--b", label63);
  }

  @ParameterizedTest
  @MethodSource("names")
  void of_labelsUpTo63Characters_accepted(String label) {
    assertThat(CertificateName.of(named("hanse://" + label + "/site/" + label)))
        .contains(new CertificateName(label, new PeerIdentity.Site(new SiteId(label))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hanse://heart/site/",
        "hanse://heart/site/-a",
        "hanse://heart/site/a-",
        "hanse://heart/site/A",
        "hanse://heart/site/a.b",
        "hanse://heart/site/a/b",
        "hanse://heart/site/a?x",
        "hanse://heart/site/a#x",
        "hanse://heart/site/%61",
        "hanse://heart/site/..",
        "hanse://heart/sites/a",
        "hanse://heart/admin/a",
        "hanse://heart/coordinator/a",
        "hanse://heart:1/site/a",
        "hanse://user@heart/site/a",
        "hanse:///site/a",
        "hanse:heart/site/a",
        "HANSE://heart/site/a",
        "https://heart/site/a"
      })
  void of_uriOfAnotherShape_nobody(String uri) {
    assertThat(CertificateName.of(named(uri))).isEmpty();
  }

  @Test
  void of_labelOf64Characters_nobody() {
    assertThat(CertificateName.of(named("hanse://heart/site/" + "a".repeat(64)))).isEmpty();
  }

  @Test
  void of_severalNames_nobody() {
    assertThat(CertificateName.of(named("hanse://heart/site/site-1", "hanse://heart/user/alice")))
        .isEmpty();
    assertThat(CertificateName.of(named("hanse://heart/site/site-1", "hanse:nonsense"))).isEmpty();
  }

  @Test
  void of_uriOfAnotherSchemeBesides_thatIdentity() {
    assertThat(CertificateName.of(named("https://example.org/", "hanse://heart/user/alice")))
        .map(CertificateName::identity)
        .contains(new PeerIdentity.User("alice"));
  }

  @Test
  void of_nameInTheCommonNameOnly_nobody() {
    X509Certificate certificate =
        AUTHORITY
            .issue(
                "hanse://heart/site/site-1",
                TestAuthority.ec(),
                Order.of("", KeyPurposeId.id_kp_clientAuth))
            .certificate();

    assertThat(CertificateName.of(certificate)).isEqualTo(Optional.empty());
  }

  private static X509Certificate named(String... uris) {
    return AUTHORITY
        .issue("site-1", TestAuthority.ec(), Order.of(List.of(uris), KeyPurposeId.id_kp_clientAuth))
        .certificate();
  }
}
