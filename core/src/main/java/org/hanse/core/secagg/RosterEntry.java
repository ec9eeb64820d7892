package org.hanse.core.secagg;

import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;

/**
 * A site of one attempt.
 *
 * @param site fingerprint that the manifest pins
 * @param signingKey its Ed25519 public key, 32 bytes; hashes to {@code site}
 */
public record RosterEntry(Fingerprint site, Bytes signingKey) {}
