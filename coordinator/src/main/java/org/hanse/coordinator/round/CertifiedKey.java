package org.hanse.coordinator.round;

import org.hanse.core.plan.Bytes;
import org.hanse.core.secagg.RosterEntry;

/**
 * A member's signing key and the certificate it came in, checked by the shell: chain, validity,
 * site id, and that the manifest pins the key.
 *
 * @param certificateDer X.509, relayed to the other sites
 */
public record CertifiedKey(RosterEntry entry, Bytes certificateDer) {}
