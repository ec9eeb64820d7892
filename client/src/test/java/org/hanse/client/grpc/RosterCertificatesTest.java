package org.hanse.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.hanse.client.agent.TestJob;
import org.hanse.client.grpc.TestCertificates.Validity;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Consortium;
import org.hanse.core.secagg.RosterEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosterCertificatesTest {
  private static final TestJob JOB = TestJob.ofDefaults();
  private static final Consortium CONSORTIUM = JOB.manifest().consortium();

  private final TestCertificates authority = new TestCertificates();
  @TempDir private Path directory;

  private RosterCertificates checker() throws IOException {
    return RosterCertificates.trusting(
        authority.writeAuthority(directory.resolve("ca.crt")),
        InstantSource.fixed(TestCertificates.NOW));
  }

  private static PublicKey keyOf(int site) {
    return TestCertificates.ed25519Key(JOB.key(site).publicKey());
  }

  private static List<GeneralName> nameOf(int site) {
    return List.of(TestCertificates.uri("hanse://heart/site/" + TestJob.site(site)));
  }

  private Bytes certificate(int site) {
    return Bytes.of(authority.issue(keyOf(site), nameOf(site), Validity.CURRENT));
  }

  private Optional<List<RosterEntry>> check(Bytes... certificates) throws IOException {
    return checker().check(List.of(certificates), CONSORTIUM);
  }

  private void assertRefused(byte[] certificate) throws IOException {
    assertThat(check(certificate(0), Bytes.of(certificate))).isEmpty();
  }

  @Test
  void check_membersOwnCertificates_givesTheirKeysInOrder() throws IOException {
    assertThat(check(certificate(3), certificate(1)))
        .hasValue(
            List.of(
                new RosterEntry(JOB.key(3).fingerprint(), JOB.key(3).publicKey()),
                new RosterEntry(JOB.key(1).fingerprint(), JOB.key(1).publicKey())));
  }

  @Test
  void check_renewalOfTheSameKey_passes() throws IOException {
    assertThat(certificate(1)).isNotEqualTo(certificate(1));
    assertThat(check(certificate(1))).isPresent();
  }

  @Test
  void check_anotherAuthoritysCertificate_isRefused() throws IOException {
    assertRefused(new TestCertificates().issue(keyOf(1), nameOf(1), Validity.CURRENT));
  }

  @Test
  void check_expiredOrNotYetValid_isRefused() throws IOException {
    Duration day = Duration.ofDays(1);
    Duration hour = Duration.ofHours(1);
    assertRefused(
        authority.issue(
            keyOf(1),
            nameOf(1),
            new Validity(TestCertificates.NOW.minus(day), TestCertificates.NOW.minus(hour))));
    assertRefused(
        authority.issue(
            keyOf(1),
            nameOf(1),
            new Validity(TestCertificates.NOW.plus(hour), TestCertificates.NOW.plus(day))));
  }

  @Test
  void check_rightSiteWithAnotherKeyThanThePinnedOne_isRefused() throws IOException {
    assertRefused(
        authority.issue(TestCertificates.ed25519Keys().getPublic(), nameOf(1), Validity.CURRENT));
  }

  @Test
  void check_pinnedKeyUnderAnotherSitesName_isRefused() throws IOException {
    assertRefused(authority.issue(keyOf(1), nameOf(2), Validity.CURRENT));
  }

  @Test
  void check_noSiteOrTwo_isRefused() throws IOException {
    assertRefused(authority.issue(keyOf(1), List.of(), Validity.CURRENT));
    assertRefused(
        authority.issue(
            keyOf(1),
            List.of(TestCertificates.uri("hanse://heart/user/site-1")),
            Validity.CURRENT));
    assertRefused(
        authority.issue(
            keyOf(1), List.of(nameOf(1).getFirst(), nameOf(2).getFirst()), Validity.CURRENT));
  }

  @Test
  void check_keyOfAnotherKind_isRefused() throws IOException {
    assertRefused(
        authority.issue(TestCertificates.ecKeys().getPublic(), nameOf(1), Validity.CURRENT));
  }

  @Test
  void check_noCertificateAtAll_isRefused() throws IOException {
    assertRefused(new byte[] {1, 2, 3});
    byte[] altered = certificate(1).toByteArray();
    altered[altered.length - 1] ^= 1;
    assertRefused(altered);
  }

  @Test
  void trusting_fileWithoutCertificate_isRefused() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.crt"), "");
    assertThatIOException()
        .isThrownBy(() -> RosterCertificates.trusting(empty, InstantSource.system()))
        .withMessageContaining("empty.crt");
  }
}
