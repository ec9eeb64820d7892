package org.hanse.client.agent;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Consortium;
import org.hanse.core.secagg.RosterEntry;

/** Checks the certificates that come with M0. */
public interface RosterChecker {

  /**
   * One entry per certificate, in the same order.
   *
   * @param certificates X.509 DER, as received
   * @param consortium the approved manifest's
   * @return empty if one of them does not come from this consortium's authority, is not valid now,
   *     or is not exactly the pinned key of the member whose site id it carries
   */
  Optional<List<RosterEntry>> check(List<Bytes> certificates, Consortium consortium);
}
