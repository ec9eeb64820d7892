package org.hanse.coordinator.grpc;

import io.grpc.Context;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.core.plan.SiteId;

/** The caller of the current call, as its certificate says; set before any handler runs. */
final class Callers {
  static final Context.Key<PeerIdentity> CALLER = Context.key("hanse-caller");

  private Callers() {}

  /**
   * Whoever is calling.
   *
   * @throws IllegalStateException outside of a call
   */
  static PeerIdentity caller() {
    PeerIdentity caller = CALLER.get();
    if (caller == null) {
      throw new IllegalStateException("nobody is calling");
    }
    return caller;
  }

  /**
   * The calling site.
   *
   * @throws IllegalStateException if the policy let somebody else through
   */
  static SiteId site() {
    if (CALLER.get() instanceof PeerIdentity.Site(SiteId id)) {
      return id;
    }
    throw new IllegalStateException("the caller is no site");
  }

  /**
   * The calling user.
   *
   * @throws IllegalStateException if the policy let somebody else through
   */
  static String user() {
    if (CALLER.get() instanceof PeerIdentity.User(String id)) {
      return id;
    }
    throw new IllegalStateException("the caller is no user");
  }
}
