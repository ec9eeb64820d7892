package org.hanse.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String REQUIRED =
      """
      listen: coordinator.example:8443
      data: var/data
      tls: { certificate: tls.crt, key: keys/tls.key, authority: /etc/hanse/ca.crt }
      signing: { certificate: signing.crt, key: ../signing.key }
      """;

  @TempDir private Path directory;

  @Test
  void read_requiredKeysOnly_everythingElseByDefault() throws Exception {
    CoordinatorConfig config = read(REQUIRED);

    assertThat(config)
        .isEqualTo(
            new CoordinatorConfig(
                new CoordinatorConfig.Listen("coordinator.example", 8443),
                new CoordinatorConfig.Storage(
                    directory.resolve("var/data"), Optional.empty(), false, Optional.empty()),
                new CoordinatorConfig.TlsFiles(
                    directory.resolve("tls.crt"),
                    directory.resolve("keys/tls.key"),
                    Path.of("/etc/hanse/ca.crt")),
                new CoordinatorConfig.SigningFiles(
                    directory.resolve("signing.crt"), directory.resolveSibling("signing.key")),
                new CoordinatorConfig.Times(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    Duration.ofDays(30)),
                4));
  }

  @Test
  void read_everyKey_asItSays() throws Exception {
    CoordinatorConfig config =
        read(
            REQUIRED
                + "lease-seconds: 86400\ngrace-seconds: 1\npoll-seconds: 300\nkeep-rounds: true\n"
                + "longest-pause-days: 1\nrounds-per-site: 64\nkeep-jobs-days: 90\n"
                + "database: { url: jdbc:postgresql://db/hanse, user: hanse, password-file: db.pw }\n");

    assertThat(config.storage())
        .isEqualTo(
            new CoordinatorConfig.Storage(
                directory.resolve("var/data"),
                Optional.of(
                    new CoordinatorConfig.DatabaseServer(
                        "jdbc:postgresql://db/hanse", "hanse", directory.resolve("db.pw"))),
                true,
                Optional.of(Duration.ofDays(90))));
    assertThat(config.times())
        .isEqualTo(
            new CoordinatorConfig.Times(
                Duration.ofDays(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(300),
                Duration.ofDays(1)));
    assertThat(config.roundsPerSite()).isEqualTo(64);
  }

  @Test
  void read_databaseOfAnotherKindOrWithItsPassword_refused() {
    assertThat(
            refuse(REQUIRED + "database: { url: jdbc:h2:mem:a, user: u, password-file: p }\n")
                .problems())
        .isEqualTo("database.url must begin with jdbc:postgresql:");
    assertThat(
            refuse(
                    REQUIRED
                        + "database: { url: 'jdbc:postgresql://db/h?password=x', user: u,"
                        + " password-file: p }\n")
                .problems())
        .isEqualTo("database.url must not hold a password: it stands in database.password-file");
  }

  @Test
  void read_severalMistakes_allNamedAtOnce() {
    ConfigurationException thrown =
        refuse(
            """
            listen: nowhere
            tls: { certificate: tls.crt, keys: tls.key }
            signing: signing.key
            lease-seconds: 0
            poll-seconds: 301
            grace-second: 5
            """);

    assertThat(thrown.problems().lines())
        .containsExactlyInAnyOrder(
            "listen must be host:port with a port from 0 to 65535",
            "data is missing",
            "tls.key is missing",
            "tls.authority is missing",
            "unknown key tls.keys; did you mean key?",
            "signing must be a mapping of keys",
            "lease-seconds must be a whole number from 1 to 86400",
            "poll-seconds must be a whole number from 1 to 300",
            "unknown key grace-second; did you mean grace-seconds?");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:0, localhost, 0",
    "0.0.0.0:65535, 0.0.0.0, 65535",
    "'[::1]:443', ::1, 443",
  })
  void read_listen_hostAndPort(String text, String host, int port) throws Exception {
    assertThat(read(REQUIRED.replace("coordinator.example:8443", "'" + text + "'")).listen())
        .isEqualTo(new CoordinatorConfig.Listen(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {":443", "host:", "host:65536", "host:-1", "host:1x", "host", "443"})
  void read_listenOfAnotherShape_refused(String text) {
    assertThat(refuse(REQUIRED.replace("coordinator.example:8443", "'" + text + "'")).problems())
        .isEqualTo("listen must be host:port with a port from 0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- a list",
        "",
        "a: 1\na: 2",
        "a: &x [1]\nb: *x",
        "a: !!java.net.URL [\"http://localhost\"]",
        "a: 'unfinished"
      })
  void read_fileThatIsNoPlainMapping_refused(String text) {
    assertThat(refuse(text).problems()).contains("coordinator.yaml");
  }

  @Test
  void read_hugeFile_refused() {
    assertThat(refuse("#".repeat(70_000)).problems()).endsWith("is too large for a configuration");
  }

  @Test
  void read_noFile_refused() {
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> ConfigReader.read(directory.resolve("none.yaml")));
    assertThat(thrown.problems()).startsWith("cannot read");
  }

  private ConfigurationException refuse(String text) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(text));
  }

  private CoordinatorConfig read(String text) throws ConfigurationException, IOException {
    return ConfigReader.read(Files.writeString(directory.resolve("coordinator.yaml"), text));
  }
}
