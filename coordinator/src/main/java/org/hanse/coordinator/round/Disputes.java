package org.hanse.coordinator.round;

import java.util.Set;
import java.util.TreeSet;
import org.hanse.core.plan.Fingerprint;

/**
 * With whom a site has been at odds over a box in this round. Of two such sites one lies, so both
 * sit out the next attempt; a site at odds with two others sits out all that are left.
 *
 * @param latest number of the last attempt that ended in such a dispute; -1 if none did
 */
public record Disputes(Set<Fingerprint> peers, int latest) {
  static final Disputes NONE = new Disputes(Set.of(), -1);

  public Disputes {
    peers = Set.copyOf(peers);
  }

  Disputes with(Fingerprint peer, int attempt) {
    Set<Fingerprint> all = new TreeSet<>(peers);
    all.add(peer);
    return new Disputes(all, attempt);
  }

  /** Whether the site sits out {@code attempt}, which follows all that it was in. */
  boolean bar(int attempt) {
    return peers.size() > 1 || (!peers.isEmpty() && attempt == latest + 1);
  }
}
