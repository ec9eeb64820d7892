package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.client.grpc.RosterCertificates;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.simulation.authority.Credential;
import org.hanse.simulation.authority.SigningKey;
import org.hanse.simulation.authority.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a roster, and the name a message comes in. */
class CertificateCasesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final TestAuthority authority = new TestAuthority("heart", NOW);
  private final Consortium members =
      new Consortium(
          List.of(member(0), member(1)), TestConsortium.signingKey("coordinator").fingerprint());
  @TempDir private Path directory;

  @Test
  void case03_pinnedKeysUnderTheConsortiumsAuthority_accepted() throws IOException {
    assertThat(check(NOW, certificate(0), certificate(1)))
        .hasValueSatisfying(roster -> assertThat(roster).hasSize(2));
  }

  @Test
  void case03_expired_refused() throws IOException {
    assertThat(check(NOW.plus(Duration.ofDays(31)), certificate(0))).isEmpty();
  }

  @Test
  void case03_otherAuthority_refused() throws IOException {
    Bytes forged =
        der(new TestAuthority("heart", NOW).siteSigning(TestConsortium.siteId(0), key("site-0")));

    assertThat(check(NOW, forged)).isEmpty();
  }

  @Test
  void case03_notInTheManifest_refused() throws IOException {
    Bytes sybil = der(authority.siteSigning(TestConsortium.siteId(2), key("site-2")));

    assertThat(check(NOW, certificate(0), sybil)).isEmpty();
  }

  @Test
  void case03_rightSiteWithAnotherKeyThanThePinnedOne_refused() throws IOException {
    Bytes replaced = der(authority.siteSigning(TestConsortium.siteId(0), key("other")));

    assertThat(check(NOW, replaced)).isEmpty();
  }

  @Test
  void case03_renewalOfTheSameKeyInsideAnAttempt_sameRosterEntry() throws IOException {
    Bytes before = certificate(1);
    Bytes after = certificate(1);

    assertThat(after).isNotEqualTo(before);
    assertThat(check(NOW, after)).isEqualTo(check(NOW, before)).isPresent();
  }

  /** The transport says who sent a message; what the message says of itself must agree. */
  @Test
  void case35_messagesUnderAnotherConnectionsName_refused() {
    Federation federation = Federation.of(5, 1).collude(4);
    Fingerprint thief = federation.name(4);
    List<FromSite> stolen = new ArrayList<>();
    federation.hookFromSites((from, message) -> {
      if (from.number == 0) {
        stolen.add(message);
      }
      // Over its own connection the colluding site sends what site 0 has signed.
      return from.number == 4 ? List.of(stolen.getFirst()) : List.of(message);
    });

    federation.run();

    assertThat(federation.received).contains(stolen.getFirst());
    assertThat(federation.dropped(4)).contains(DropReason.SIGNATURE_INVALID);
    assertThat(federation.counted()).hasSize(4).doesNotContain(thief);
    assertThat(federation.published()).isTrue();
  }

  private Optional<List<RosterEntry>> check(Instant now, Bytes... certificates) throws IOException {
    authority.writeCertificate(directory);
    return RosterCertificates.trusting(directory.resolve("ca.crt"), InstantSource.fixed(now))
        .check(List.of(certificates), members);
  }

  private Bytes certificate(int number) throws IOException {
    return der(authority.siteSigning(TestConsortium.siteId(number), key("site-" + number)));
  }

  private static Bytes der(Credential credential) throws IOException {
    return Bytes.of(credential.certificate().getEncoded());
  }

  private static Member member(int number) {
    return new Member(
        key("site-" + number).fingerprint(), TestConsortium.siteId(number), "Hospital");
  }

  private static SigningKey key(String name) {
    return SigningKey.of(TestConsortium.secret("signing key of " + name).toByteArray());
  }
}
