package org.hanse.coordinator.round;

/**
 * What a member has said about this round. Readiness may be said again, with a renewed certificate;
 * declining ends the site's part in the round, also after it was ready and while an attempt runs,
 * and is final.
 */
public sealed interface Standing {

  /** Nothing yet: it may still train. */
  record Expected() implements Standing {}

  /**
   * Its update is saved at the site.
   *
   * @param key the signing certificate that rosters of this round relay
   */
  record Ready(CertifiedKey key) implements Standing {}

  /** Sits this round out, or was left out for the rest of it. */
  record Out() implements Standing {}
}
