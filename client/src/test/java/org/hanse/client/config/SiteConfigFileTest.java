package org.hanse.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.SiteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteConfigFileTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String MINIMAL =
      """
      site: site-1
      coordinator: 127.0.0.1:8443
      state: state
      tls: { certificate: tls.crt, key: tls.key, authority: ca.crt }
      signing: { certificate: signing.crt, key: signing.key }
      secret: site.secret
      datasets:
        digits: { kind: csv, path: data/digits.csv }
      policy:
        minimum-cohort: 4
        maximum-clip-norm: 10
      """;

  @TempDir private Path directory;

  private SiteConfigFile file(String yaml) throws IOException {
    return new SiteConfigFile(Files.writeString(directory.resolve("client.yaml"), yaml));
  }

  private List<String> problems(String yaml) throws IOException {
    SiteConfigFile file = file(yaml);
    try {
      SiteConfig config = file.read();
      throw new AssertionError("read as " + config);
    } catch (ConfigException e) {
      assertThat(e).hasMessageContaining("client.yaml");
      return e.problems();
    }
  }

  @Test
  void read_minimalFile_fillsInDefaultsAndResolvesPaths() throws Exception {
    SiteConfig config = file(MINIMAL).read();
    assertThat(config.site()).isEqualTo(new SiteId("site-1"));
    assertThat(config.coordinator()).isEqualTo(new CoordinatorAddress("127.0.0.1", 8443));
    assertThat(config.state()).isEqualTo(directory.resolve("state"));
    assertThat(config.identity().tls())
        .isEqualTo(
            new TlsFiles(
                directory.resolve("tls.crt"),
                directory.resolve("tls.key"),
                directory.resolve("ca.crt")));
    assertThat(config.identity().secret()).isEqualTo(directory.resolve("site.secret"));
    assertThat(config.datasets())
        .isEqualTo(
            Map.of(
                "digits",
                new SiteConfig.Dataset(SiteConfig.Kind.CSV, directory.resolve("data/digits.csv"))));
    assertThat(config.trainerThreads()).isEqualTo(1);
    assertThat(config.policy())
        .isEqualTo(new SitePolicy(4, 10, Set.of(), false, Set.of(), Set.of()));
  }

  @Test
  void read_everySetting_isTaken() throws Exception {
    SiteConfig config =
        file(MINIMAL
                + """
                  required-peers: [%s]
                  allow-plain-sums: true
                  sit-out-rounds: [3, 5]
                  approved-manifests:
                    - "%s"
                trainer: { threads: 2 }
                """
                    .formatted(HEX, HEX.toUpperCase(Locale.ROOT)))
            .read();
    assertThat(config.trainerThreads()).isEqualTo(2);
    assertThat(config.policy())
        .isEqualTo(
            new SitePolicy(
                4,
                10,
                Set.of(Fingerprint.fromHex(HEX)),
                true,
                Set.of(3L, 5L),
                Set.of(Hash.fromHex(HEX))));
  }

  @Test
  void read_manyErrors_areReportedAllAtOnce() throws IOException {
    assertThat(
            problems(
                """
                site: Site One
                coordinator: nowhere
                tls: { certificate: tls.crt, key: 7, authority: ca.crt }
                signing: { certificate: signing.crt, keys: signing.key }
                secret: site.secret
                datasets:
                  digits: { kind: tsv, path: digits.csv }
                trainer: { threads: 0 }
                policy:
                  minimum-cohort: 1
                  maximum-clip-norm: -2
                  sit-out-rounds: [0]
                  approved-manifest: []
                  approved-manifests: [abc]
                colour: red
                """))
        .anyMatch(p -> p.startsWith("site: ") && p.contains("Site One"))
        .contains("coordinator: expected host:port, not \"nowhere\"")
        .contains("state: is missing")
        .contains("tls.key: must be text")
        .contains("signing.key: is missing")
        .contains("signing.keys: is not a setting; did you mean \"key\"?")
        .contains("datasets.digits.kind: no data set kind \"tsv\"; known is csv")
        .contains("trainer.threads: must be a whole number from 1 to 1024")
        .contains("policy.minimum-cohort: must be a whole number from 2 to 256")
        .contains("policy.maximum-clip-norm: must be positive, not -2.0")
        .contains("policy.sit-out-rounds[0]: must be a whole number from 1 to 1000000")
        .contains("policy.approved-manifests[0]: must be 64 hexadecimal digits, not \"abc\"")
        .anyMatch(p -> p.startsWith("policy.approved-manifest: is not a setting"))
        .anyMatch(p -> p.startsWith("colour: is not a setting"))
        .hasSize(14);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "- a\n- b",
        "site: [",
        "site: a\nsite: b",
        "policy: &p {minimum-cohort: 2}\nother: *p",
        "site: !!java.net.URL [\"http://localhost\"]"
      })
  void read_noSuchMapping_isRefused(String yaml) throws IOException {
    assertThat(problems(yaml)).isNotEmpty();
  }

  @Test
  void read_noFile_isAnIoError() {
    assertThatIOException()
        .isThrownBy(() -> new SiteConfigFile(directory.resolve("none.yaml")).read());
  }

  @Test
  void read_notUtf8_isRefused() throws IOException {
    Path file = directory.resolve("latin.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe9});
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new SiteConfigFile(file).read());
  }

  @Test
  void policyFile_fileChanges_isInForceAtTheNextLook() throws Exception {
    SiteConfigFile file = file(MINIMAL);
    PolicyFile policy = new PolicyFile(file, file.read().policy());
    assertThat(policy.current().approvedManifests()).isEmpty();
    file(MINIMAL + "  approved-manifests: [" + HEX + "]\n");
    assertThat(policy.current().approvedManifests()).containsExactly(Hash.fromHex(HEX));
    file(MINIMAL);
    assertThat(policy.current().approvedManifests()).isEmpty();
  }

  @Test
  void policyFile_fileBroken_nothingIsApprovedUntilItIsPutRight() throws Exception {
    String approving = MINIMAL + "  approved-manifests: [" + HEX + "]\n";
    SiteConfigFile file = file(approving);
    PolicyFile policy = new PolicyFile(file, file.read().policy());
    assertThat(policy.current().approvedManifests()).hasSize(1);
    file(approving + "  minimum-cohort: 5\n"); // a key twice
    assertThat(policy.current().approvedManifests()).isEmpty();
    Files.delete(file.path());
    assertThat(policy.current().approvedManifests()).isEmpty();
    file(approving);
    assertThat(policy.current().approvedManifests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "host", "host:", ":1", "host:0", "host:65536", "host:1x", "a:b:1", "[]:1"})
  void address_otherForm_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> CoordinatorAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:1", "10.0.0.1:65535", "[::1]:8443", "c.example:443"})
  void address_hostAndPort_printsAsItWasWritten(String text) {
    assertThat(CoordinatorAddress.parse(text)).hasToString(text);
  }
}
