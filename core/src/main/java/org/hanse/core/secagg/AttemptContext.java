package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * One attempt as both sides know it from M0 on.
 *
 * @param start M0, its roster strictly ascending
 * @param hash ctx, which enters every key, hash and signature of the attempt
 */
public record AttemptContext(JobTerms terms, ToSite.RoundStart start, Hash hash) {
  public static AttemptContext of(JobTerms terms, ToSite.RoundStart start) {
    Hash hash =
        Contexts.attempt(
            terms.suite(),
            start.attempt(),
            start.modelHash(),
            terms.planHash(),
            start.roster().stream().map(RosterEntry::site).toList());
    return new AttemptContext(terms, start, hash);
  }

  /** ectx: by which the attempt's updates were encoded. */
  public Hash encodingContext() {
    return terms.encodingContext(id().round(), start.modelHash());
  }

  public AttemptId id() {
    return start.attempt();
  }

  public List<RosterEntry> roster() {
    return start.roster();
  }

  public boolean holds(Fingerprint site) {
    return Ascending.indexOf(roster(), RosterEntry::site, site) >= 0;
  }

  /** The roster's entry of a site that is in it. */
  public RosterEntry entry(Fingerprint site) {
    return Ascending.find(roster(), RosterEntry::site, site)
        .orElseThrow(() -> new IllegalArgumentException("not in the roster: " + site));
  }

  /** x_u: the site's Shamir abscissa, from 1. */
  public int abscissa(Fingerprint site) {
    int index = Ascending.indexOf(roster(), RosterEntry::site, site);
    if (index < 0) {
      throw new IllegalArgumentException("not in the roster: " + site);
    }
    return index + 1;
  }
}
