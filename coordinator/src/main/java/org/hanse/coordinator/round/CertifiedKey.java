package org.hanse.coordinator.round;

import java.time.Instant;
import org.hanse.core.plan.Bytes;
import org.hanse.core.secagg.RosterEntry;

/**
 * A member's signing key and the certificate it came in, checked by the shell: chain, validity,
 * site id, and that the manifest pins the key.
 *
 * @param certificateDer X.509, relayed to the other sites, which refuse a roster with one that has
 *     ended
 * @param notAfter the last moment of the certificate's life
 */
public record CertifiedKey(RosterEntry entry, Bytes certificateDer, Instant notAfter) {

  /** Whether the certificate has not ended at {@code time}; that it had begun was checked. */
  public boolean validAt(Instant time) {
    return !time.isAfter(notAfter);
  }
}
