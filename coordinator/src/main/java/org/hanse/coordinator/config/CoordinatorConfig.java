package org.hanse.coordinator.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What coordinator.yaml says, complete and checked; paths are absolute.
 *
 * @param keepRounds whether the uploads, sums and models of all rounds stay in {@code data}
 */
public record CoordinatorConfig(
    Listen listen, Path data, TlsFiles tls, SigningFiles signing, Times times, boolean keepRounds) {

  /**
   * Where to listen.
   *
   * @param port 0 for any free one
   */
  public record Listen(String host, int port) {}

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
   */
  public record Times(Duration lease, Duration grace, Duration poll) {}
}
