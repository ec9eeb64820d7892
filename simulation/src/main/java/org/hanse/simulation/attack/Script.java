package org.hanse.simulation.attack;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.Work;

/**
 * What a dishonest coordinator changes of all that passes between an honest one and the sites; here
 * nothing. Asked on several threads at once, and again for the same item after a broken connection.
 */
public interface Script {

  /** A work item on its way to a site; the same object if it passes as it is. */
  default Work work(SiteId site, Work honest) {
    return honest;
  }

  /** A manifest's exact bytes on their way to a site. */
  default Bytes manifest(SiteId site, Bytes honest) {
    return honest;
  }

  /** A run of a model's bytes on its way to a site. */
  default DataPiece model(SiteId site, DataPiece honest) {
    return honest;
  }

  /** A run of a sum's bytes on its way to a site. */
  default DataPiece sum(SiteId site, AttemptId attempt, DataPiece honest) {
    return honest;
  }

  /** A site's message: whether the honest coordinator gets to see it. The site is told so. */
  default boolean passes(SiteId site, AttemptMessage message) {
    return true;
  }

  /**
   * An item that the honest coordinator never made, for a site that asks for work. Asked whenever a
   * site has sent a message; an item that was returned is not returned again.
   */
  default Optional<Work> invented(SiteId site) {
    return Optional.empty();
  }

  /** Whether a site gets no work but what is invented: the honest coordinator's is kept from it. */
  default boolean alone(SiteId site) {
    return false;
  }
}
