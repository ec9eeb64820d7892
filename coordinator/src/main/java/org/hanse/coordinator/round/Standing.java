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

  /**
   * Convicted of dealing shares of another secret than it committed to: out of this job's rounds
   * until its steward answers, for which there is no way yet.
   */
  record Convicted() implements Standing {}

  /** Whether the site has no part in the rest of the round. */
  default boolean isOut() {
    return this instanceof Out || this instanceof Convicted;
  }
}
