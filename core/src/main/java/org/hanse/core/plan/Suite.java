package org.hanse.core.plan;

import java.util.Optional;

/**
 * How updates are protected. The name enters every key and signature, so a downgrade is a mismatch.
 */
public enum Suite {
  /** Masked sums under X25519 key agreement, AES-256-CTR mask streams and the ring of 2^32. */
  FLSA1("FLSA1-X25519-AES256CTR-Z32", false, Ring.Z32),
  /**
   * The same with ML-KEM-768 beside X25519: what is recorded today stays closed to whoever breaks
   * X25519 later.
   */
  FLSA1_HYBRID("FLSA1-X25519MLKEM768-AES256CTR-Z32", true, Ring.Z32),
  /**
   * The first over the ring of 2^16, for thin links: half the bytes. Updates are rotated before
   * they are rounded.
   */
  FLSA1_Z16("FLSA1-X25519-AES256CTR-Z16", false, Ring.Z16),
  /** Both. */
  FLSA1_HYBRID_Z16("FLSA1-X25519MLKEM768-AES256CTR-Z16", true, Ring.Z16),
  /**
   * No masks: the coordinator sees every site's update. Signatures, Merkle roots, the consistency
   * round and verdicts stay. Only runs where every site's policy allows it.
   */
  PLAIN("PLAIN-Z32", false, Ring.Z32);

  private final String protocolName;
  private final boolean hybrid;
  private final Ring ring;

  Suite(String protocolName, boolean hybrid, Ring ring) {
    this.protocolName = protocolName;
    this.hybrid = hybrid;
    this.ring = ring;
  }

  /** The masked suite of this key agreement and ring. */
  public static Suite masked(boolean hybrid, Ring ring) {
    for (Suite suite : values()) {
      if (suite.masked() && suite.hybrid == hybrid && suite.ring == ring) {
        return suite;
      }
    }
    throw new IllegalStateException("no suite over " + ring);
  }

  /** The name that is hashed into the context. */
  public String protocolName() {
    return protocolName;
  }

  /** Whether the coordinator sees sums only; if not, it sees every site's encoded update. */
  public boolean masked() {
    return this != PLAIN;
  }

  /** Whether keys are agreed on with ML-KEM-768 beside X25519. */
  public boolean hybrid() {
    return hybrid;
  }

  /** Where vectors are added. */
  public Ring ring() {
    return ring;
  }

  /** The largest consortium. */
  public int maxMembers() {
    int most = hybrid ? Limits.MAX_HYBRID_MEMBERS : Limits.MAX_MEMBERS;
    return Math.min(most, EncodingRules.maxMembers(ring));
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
