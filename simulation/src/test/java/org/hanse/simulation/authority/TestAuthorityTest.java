package org.hanse.simulation.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.hanse.core.plan.SiteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAuthorityTest {
  private static final SiteId SITE = new SiteId("site-1");

  private final TestAuthority authority = new TestAuthority("demo", Instant.now());
  private final SeededSecrets secrets = new SeededSecrets(7);

  @TempDir private Path directory;

  @Test
  void write_everyCredential_chainEndsAtTheRootAndKeyFits() throws Exception {
    authority.writeCertificate(directory);
    X509Certificate root = certificate("ca.crt");
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);

    authority.coordinatorTls().write(directory, "a");
    authority.coordinatorSigning(secrets.coordinatorSigningKey()).write(directory, "b");
    authority.siteTls(SITE).write(directory, "c");
    authority.siteSigning(SITE, secrets.siteSigningKey(SITE)).write(directory, "d");
    authority.userTls("alice").write(directory, "e");

    for (String name : List.of("a", "b", "c", "d", "e")) {
      X509Certificate certificate = certificate(name + ".crt");
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
              parameters);
      assertThat(signsFor(privateKey(name + ".key", certificate), certificate)).isTrue();
      assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }
  }

  @Test
  void certificates_ofEachRole_nameItByUri() throws Exception {
    authority.coordinatorTls().write(directory, "coordinator");
    authority.siteTls(SITE).write(directory, "site");
    authority.siteSigning(SITE, secrets.siteSigningKey(SITE)).write(directory, "signing");
    authority.userTls("alice").write(directory, "user");

    assertThat(names("coordinator.crt"))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "hanse://demo/coordinator");
    assertThat(names("site.crt")).containsExactly("hanse://demo/site/site-1");
    assertThat(names("signing.crt")).containsExactly("hanse://demo/site/site-1");
    assertThat(names("user.crt")).containsExactly("hanse://demo/user/alice");
    assertThat(certificate("coordinator.crt").getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate("site.crt").getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
  }

  @Test
  void write_privateKey_onlyItsOwnerMayRead() throws IOException {
    authority.siteTls(SITE).write(directory, "tls");

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("tls.key"))))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> SecretFile.write(directory.resolve("tls.key"), "again"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void secrets_sameSeed_sameKeysOthersDiffer() {
    SeededSecrets again = new SeededSecrets(7);
    SeededSecrets other = new SeededSecrets(8);
    SiteId second = new SiteId("site-2");

    assertThat(again.siteSigningKey(SITE).fingerprint())
        .isEqualTo(secrets.siteSigningKey(SITE).fingerprint())
        .isNotEqualTo(other.siteSigningKey(SITE).fingerprint())
        .isNotEqualTo(secrets.siteSigningKey(second).fingerprint())
        .isNotEqualTo(secrets.coordinatorSigningKey().fingerprint());
    assertThat(again.siteSecret(SITE))
        .isEqualTo(secrets.siteSecret(SITE))
        .isNotEqualTo(other.siteSecret(SITE))
        .isNotEqualTo(secrets.siteSecret(second))
        .matches("[0-9a-f]{64}");
  }

  /** RFC 8032, section 7.1, TEST 1; the encoding of the public key by RFC 8410, section 4. */
  @Test
  void signingKey_ofPublishedSeed_hasPublishedPublicKey() throws Exception {
    SigningKey key =
        SigningKey.of(
            HexFormat.of()
                .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    assertThat(HexFormat.of().formatHex(key.publicKey().getEncoded()))
        .isEqualTo(
            "302a300506032b6570032100"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  }

  private X509Certificate certificate(String file) throws Exception {
    try (InputStream in = Files.newInputStream(directory.resolve(file))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey privateKey(String file, X509Certificate certificate) throws Exception {
    String base64 =
        Files.readString(directory.resolve(file)).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private Set<String> names(String file) throws Exception {
    return certificate(file).getSubjectAlternativeNames().stream()
        .map(name -> (String) name.get(1))
        .collect(Collectors.toSet());
  }

  private static boolean signsFor(PrivateKey key, X509Certificate certificate) throws Exception {
    Signature signature =
        Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519");
    signature.initSign(key);
    signature.update((byte) 1);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update((byte) 1);
    return signature.verify(signed);
  }
}
