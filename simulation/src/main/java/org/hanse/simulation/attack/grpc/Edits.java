package org.hanse.simulation.attack.grpc;

import java.util.Optional;

/** What is done to one call that passes. */
interface Edits {
  /** Nothing. */
  Edits NONE = new Edits() {};

  /** The front's own answer to a request that is kept; empty if it passes. */
  default Optional<byte[]> answer(byte[] request) {
    return Optional.empty();
  }

  /** What the site gets in place of a response. */
  default byte[] response(byte[] honest) {
    return honest;
  }
}
