package org.hanse.client.config.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.TlsFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResearcherConfigFileTest {
  @TempDir Path directory;

  @Test
  void read_relativePaths_startFromTheFile() throws Exception {
    Path file =
        write(
            """
            coordinator: "[::1]:8443"
            tls: { certificate: tls.crt, key: ../keys/tls.key, authority: /etc/ca.crt }
            """);

    ResearcherConfig config = ResearcherConfigFile.read(file);

    assertThat(config)
        .isEqualTo(
            new ResearcherConfig(
                new CoordinatorAddress("::1", 8443),
                new TlsFiles(
                    directory.resolve("tls.crt"),
                    directory.resolveSibling("keys").resolve("tls.key"),
                    Path.of("/etc/ca.crt"))));
  }

  @Test
  void read_mistakes_allReportedAtOnce() throws IOException {
    Path file = write("coordinator: localhost\ntls: { certificat: tls.crt, key: tls.key }\n");

    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> ResearcherConfigFile.read(file));

    assertThat(refusal.problems())
        .containsExactly(
            "coordinator: expected host:port, not \"localhost\"",
            "tls.certificate: is missing",
            "tls.authority: is missing",
            "tls.certificat: is not a setting; did you mean \"certificate\"?");
  }

  private Path write(String text) throws IOException {
    Path file = directory.resolve("researcher.yaml");
    Files.writeString(file, text);
    return file;
  }
}
