package org.hanse.coordinator.authority;

import org.hanse.core.plan.SiteId;

/** Who holds a certificate of the consortium. */
public sealed interface PeerIdentity {

  /** {@code hanse://<consortium>/site/<id>}. */
  record Site(SiteId id) implements PeerIdentity {}

  /** {@code hanse://<consortium>/user/<id>}. */
  record User(String id) implements PeerIdentity {}

  /** {@code hanse://<consortium>/coordinator}. */
  record Coordinator() implements PeerIdentity {}
}
