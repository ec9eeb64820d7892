package org.hanse.core.secagg.mask;

import org.hanse.core.plan.Fingerprint;

/** Two sites of U2, of which one uploaded. */
record Parted(Fingerprint dropout, Fingerprint survivor) {
  /** Whether the dropout adds the pair's mask, and encapsulates, and the survivor does not. */
  boolean isDropoutLower() {
    return dropout.compareTo(survivor) < 0;
  }

  Fingerprint lower() {
    return isDropoutLower() ? dropout : survivor;
  }

  Fingerprint higher() {
    return isDropoutLower() ? survivor : dropout;
  }
}
