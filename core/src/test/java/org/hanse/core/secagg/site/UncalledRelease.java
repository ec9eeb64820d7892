package org.hanse.core.secagg.site;

import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SurvivorSet;

/** What a site would release of an attempt whose sum it is not in. */
public final class UncalledRelease {
  private UncalledRelease() {}

  /** By a site that never committed to its upload. */
  public static FromSite.Release of(SimulatedSite site, SurvivorSet survivors, Hash statement) {
    SiteState.Masking state = (SiteState.Masking) site.state;
    return state.held().release(state.running().context(), site.identity, survivors, statement);
  }
}
