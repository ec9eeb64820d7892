package org.hanse.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.hanse.client.config.KeyFileException;
import org.hanse.client.grpc.TestCertificates;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteKeysTest {
  /** RFC 8410, section 10.3: https://www.rfc-editor.org/rfc/rfc8410#section-10.3 */
  private static final String KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  /** Section 10.1, the 32 bytes of the public key. */
  private static final String PUBLIC_KEY =
      "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

  /** SHA-256 over the 44 bytes of section 10.1. */
  private static final String FINGERPRINT =
      "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f";

  private static final String SECRET = "0123456789abcdef".repeat(4);

  @TempDir private Path directory;

  @BeforeEach
  void writeFiles() throws IOException {
    byte[] certificate =
        new TestCertificates()
            .issue(
                TestCertificates.ed25519Key(Bytes.fromHex(PUBLIC_KEY)),
                List.of(TestCertificates.uri("hanse://heart/site/site-1")),
                TestCertificates.Validity.CURRENT);
    TestCertificates.writePem(directory.resolve("signing.crt"), "CERTIFICATE", certificate);
    Files.writeString(directory.resolve("signing.key"), KEY);
    TestCertificates.writePem(
        directory.resolve("tls.key"),
        "PRIVATE KEY",
        TestCertificates.ecKeys().getPrivate().getEncoded());
    Files.writeString(directory.resolve("site.secret"), SECRET + "\n");
    for (String name : List.of("signing.key", "tls.key", "site.secret")) {
      Files.setPosixFilePermissions(
          directory.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }
  }

  private SiteKeys read(String certificate, String key, String secret) throws IOException {
    return SiteKeys.read(
        directory.resolve(certificate), directory.resolve(key), directory.resolve(secret));
  }

  @Test
  void read_publishedKey_hasThePublishedPublicKey() throws IOException {
    SiteKeys keys = read("signing.crt", "signing.key", "site.secret");
    assertThat(keys.signingKey().fingerprint()).isEqualTo(Fingerprint.fromHex(FINGERPRINT));
    assertThat(keys.signingKey().publicKey()).isEqualTo(Bytes.fromHex(PUBLIC_KEY));
    assertThat(keys.signingCertificate().size()).isGreaterThan(200);
    assertThat(Bytes.of(keys.siteSecret().toByteArray())).isEqualTo(Bytes.fromHex(SECRET));
    assertThat(keys).asString().doesNotContain(SECRET);
  }

  @Test
  void read_keyOfAnotherKind_isRefused() {
    assertThatIOException()
        .isThrownBy(() -> read("signing.crt", "tls.key", "site.secret"))
        .withMessageContaining("must hold one Ed25519 private key");
  }

  @Test
  void read_certificateOfAnotherKey_isRefused() throws IOException {
    TestCertificates.writePem(
        directory.resolve("signing.key"),
        "PRIVATE KEY",
        TestCertificates.ed25519Keys().getPrivate().getEncoded());
    assertThatIOException()
        .isThrownBy(() -> read("signing.crt", "signing.key", "site.secret"))
        .withMessageContaining("is not the certificate of the key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "zz", "00", "0011223344"})
  void read_secretOfAnotherForm_isRefusedWithoutShowingIt(String secret) throws IOException {
    Files.writeString(directory.resolve("site.secret"), secret);
    assertThatIOException()
        .isThrownBy(() -> read("signing.crt", "signing.key", "site.secret"))
        .withMessageContaining("must hold 64 hexadecimal digits");
  }

  @Test
  void read_garbage_isRefused() throws IOException {
    Files.writeString(directory.resolve("signing.key"), "no key");
    assertThatIOException().isThrownBy(() -> read("signing.crt", "signing.key", "site.secret"));
    Files.writeString(directory.resolve("signing.crt"), "no certificate");
    assertThatIOException().isThrownBy(() -> read("signing.crt", "signing.key", "site.secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-rw-", "rw-rw----", "rw-----w-", "rw----r--", "rw-r--r--"})
  void read_othersMayReadOrChangeASecret_isRefused(String permissions) throws IOException {
    for (String name : List.of("signing.key", "site.secret")) {
      Path file = directory.resolve(name);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThatExceptionOfType(KeyFileException.class)
          .isThrownBy(() -> read("signing.crt", "signing.key", "site.secret"))
          .withMessageContaining("chmod 600 " + file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void read_theFilesGroupMayRead_isAccepted() throws IOException {
    Files.setPosixFilePermissions(
        directory.resolve("signing.key"), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(read("signing.crt", "signing.key", "site.secret")).isNotNull();
  }
}
