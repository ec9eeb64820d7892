package org.hanse.coordinator.round;

import org.hanse.core.secagg.DropReason;

/** Why a site's event was not taken; the round goes on. */
public sealed interface Rejection {

  /** The protocol's own reason. */
  record ByProtocol(DropReason reason) implements Rejection {}

  /** It belongs to a round that is over, or to one that has not begun. */
  record OtherRound() implements Rejection {}
}
