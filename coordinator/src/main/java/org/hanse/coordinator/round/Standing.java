package org.hanse.coordinator.round;

/** What a member has said about this round. */
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
