package org.hanse.coordinator.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What coordinator.yaml says, complete and checked; paths are absolute.
 *
 * @param roundsPerSite rounds, of different jobs, that a site may be in at once
 */
public record CoordinatorConfig(
    Listen listen,
    Storage storage,
    TlsFiles tls,
    SigningFiles signing,
    Times times,
    int roundsPerSite) {

  /**
   * Where to listen.
   *
   * @param port 0 for any free one
   */
  public record Listen(String host, int port) {}

  /**
   * Where what the coordinator knows is kept.
   *
   * @param data directory of everything, or with {@code server} of all but rows
   * @param server of the database; empty for a file in {@code data}
   * @param keepRounds whether the uploads, sums and models of all rounds stay
   * @param keepEnded how long a job stays that is over, whole days; empty: until others need its
   *     place
   */
  public record Storage(
      Path data,
      Optional<DatabaseServer> server,
      boolean keepRounds,
      Optional<Duration> keepEnded) {}

  /** PostgreSQL; the URL holds no password. */
  public record DatabaseServer(String url, String user, Path passwordFile) {}

  /** PEM files; {@code authority} holds the consortium's certificates. */
  public record TlsFiles(Path certificate, Path key, Path authority) {}

  /** PEM files of the Ed25519 key that signs results. */
  public record SigningFiles(Path certificate, Path key) {}

  /**
   * How long things last, whole seconds.
   *
   * @param lease while training, a site without a call for so long is gone
   * @param grace the same while aggregating
   * @param poll how long a poll waits
   * @param longestPause a job that nobody resumes for so long fails
   */
  public record Times(Duration lease, Duration grace, Duration poll, Duration longestPause) {}
}
