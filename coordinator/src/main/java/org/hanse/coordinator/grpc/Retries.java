package org.hanse.coordinator.grpc;

import java.time.Duration;

/** How long callers are asked to wait. */
final class Retries {
  static final Duration OVERLOAD = Duration.ofSeconds(2);

  private Retries() {}
}
