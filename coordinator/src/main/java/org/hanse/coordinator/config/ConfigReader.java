package org.hanse.coordinator.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.config.CoordinatorConfig.DatabaseServer;
import org.hanse.coordinator.config.CoordinatorConfig.Listen;
import org.hanse.coordinator.config.CoordinatorConfig.SigningFiles;
import org.hanse.coordinator.config.CoordinatorConfig.Storage;
import org.hanse.coordinator.config.CoordinatorConfig.Times;
import org.hanse.coordinator.config.CoordinatorConfig.TlsFiles;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads coordinator.yaml: all problems at once, unknown keys refused. */
public final class ConfigReader {
  private static final int MAX_FILE_BYTES = 1 << 16;
  private static final int DEFAULT_LEASE_SECONDS = 30;
  private static final int DEFAULT_GRACE_SECONDS = 5;
  private static final int DEFAULT_LONGEST_PAUSE_DAYS = 30;
  private static final int MAX_PAUSE_DAYS = 3650;

  /** Sites train one round at a time: more of them only take each other's time. */
  private static final int DEFAULT_ROUNDS_PER_SITE = 4;

  private static final int MAX_ROUNDS_PER_SITE = 64;

  private static final int DEFAULT_POLL_SECONDS = 20;
  private static final int MAX_SECONDS = 24 * 3600;
  private static final int MAX_POLL_SECONDS = 300;
  private static final int MAX_PORT = 65_535;

  private static final int MAX_KEPT_DAYS = 36_500;
  private static final int FOR_EVER = 0;

  private ConfigReader() {}

  /**
   * Reads a file; paths in it are relative to it.
   *
   * @throws ConfigurationException naming everything that is wrong
   */
  public static CoordinatorConfig read(Path file) throws ConfigurationException {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    List<String> problems = new ArrayList<>();
    Section root = new Section("", load(absolute), problems);
    Listen listen = root.text("listen").flatMap(text -> listen(text, problems)).orElse(ANY);
    Path data = root.path("data", directory);
    Optional<DatabaseServer> server =
        root.optionalSection("database").flatMap(section -> server(section, directory, problems));
    Section tls = root.section("tls");
    TlsFiles tlsFiles =
        new TlsFiles(
            tls.path("certificate", directory),
            tls.path("key", directory),
            tls.path("authority", directory));
    tls.finish();
    Section signing = root.section("signing");
    SigningFiles signingFiles =
        new SigningFiles(signing.path("certificate", directory), signing.path("key", directory));
    signing.finish();
    Times times =
        new Times(
            seconds(root.integer("lease-seconds", DEFAULT_LEASE_SECONDS, 1, MAX_SECONDS)),
            seconds(root.integer("grace-seconds", DEFAULT_GRACE_SECONDS, 1, MAX_SECONDS)),
            seconds(root.integer("poll-seconds", DEFAULT_POLL_SECONDS, 1, MAX_POLL_SECONDS)),
            Duration.ofDays(
                root.integer("longest-pause-days", DEFAULT_LONGEST_PAUSE_DAYS, 1, MAX_PAUSE_DAYS)));
    int roundsPerSite =
        root.integer("rounds-per-site", DEFAULT_ROUNDS_PER_SITE, 1, MAX_ROUNDS_PER_SITE);
    boolean keepRounds = root.flag("keep-rounds", false);
    int keepEndedDays = root.integer("keep-jobs-days", FOR_EVER, 1, MAX_KEPT_DAYS);
    Optional<Duration> keepEnded =
        keepEndedDays == FOR_EVER ? Optional.empty() : Optional.of(Duration.ofDays(keepEndedDays));
    root.finish();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new CoordinatorConfig(
        listen,
        new Storage(data, server, keepRounds, keepEnded),
        tlsFiles,
        signingFiles,
        times,
        roundsPerSite);
  }

  private static Optional<DatabaseServer> server(
      Section section, Path directory, List<String> problems) {
    Optional<String> url = section.text("url");
    Optional<String> user = section.text("user");
    Path passwordFile = section.path("password-file", directory);
    section.finish();
    if (url.isPresent() && !url.get().startsWith("jdbc:postgresql:")) {
      problems.add("database.url must begin with jdbc:postgresql:");
    }
    if (url.isPresent() && url.get().toLowerCase(Locale.ROOT).contains("password")) {
      problems.add("database.url must not hold a password: it stands in database.password-file");
    }
    return url.flatMap(u -> user.map(name -> new DatabaseServer(u, name, passwordFile)));
  }

  private static final Listen ANY = new Listen("127.0.0.1", 0);

  private static Map<?, ?> load(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigurationException(List.of(file + " is too large for a configuration"));
      }
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(String.valueOf(file.getFileName()))
              .setAllowDuplicateKeys(false)
              .setMaxAliasesForCollections(0)
              .setCodePointLimit(MAX_FILE_BYTES)
              .build();
      Object loaded = new Load(settings).loadFromString(Files.readString(file));
      if (loaded instanceof Map<?, ?> map) {
        return map;
      }
      throw new ConfigurationException(List.of(file + " must be a mapping of keys"));
    } catch (IOException e) {
      throw new ConfigurationException(List.of("cannot read " + file));
    } catch (YamlEngineException e) {
      throw new ConfigurationException(List.of(file + " is no YAML: " + e.getMessage()));
    }
  }

  private static Optional<Listen> listen(String text, List<String> problems) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= MAX_PORT) {
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return Optional.of(
            new Listen(bracketed ? host.substring(1, host.length() - 1) : host, port));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    problems.add("listen must be host:port with a port from 0 to " + MAX_PORT);
    return Optional.empty();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
