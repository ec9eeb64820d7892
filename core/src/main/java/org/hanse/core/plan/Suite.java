package org.hanse.core.plan;

import java.util.Optional;

/**
 * How updates are protected. The name enters every key and signature, so a downgrade is a mismatch.
 */
public enum Suite {
  /** Masked sums under X25519 key agreement, AES-256-CTR mask streams and the ring of 2^32. */
  FLSA1("FLSA1-X25519-AES256CTR-Z32"),
  /**
   * The same over the ring of 2^16, for thin links: half the bytes. Updates are rotated before they
   * are rounded; up to 64 members.
   */
  FLSA1_Z16("FLSA1-X25519-AES256CTR-Z16"),
  /**
   * No masks: the coordinator sees every site's update. Signatures, Merkle roots, the consistency
   * round and verdicts stay. Only runs where every site's policy allows it.
   */
  PLAIN("PLAIN-Z32");

  private final String protocolName;

  Suite(String protocolName) {
    this.protocolName = protocolName;
  }

  /** The name that is hashed into the context. */
  public String protocolName() {
    return protocolName;
  }

  /** Whether the coordinator sees sums only; if not, it sees every site's encoded update. */
  public boolean masked() {
    return this != PLAIN;
  }

  /** Where vectors are added. */
  public Ring ring() {
    return this == FLSA1_Z16 ? Ring.Z16 : Ring.Z32;
  }

  /** The suite of exactly this name; empty if there is none. */
  public static Optional<Suite> byProtocolName(String name) {
    for (Suite suite : values()) {
      if (suite.protocolName.equals(name)) {
        return Optional.of(suite);
      }
    }
    return Optional.empty();
  }
}
