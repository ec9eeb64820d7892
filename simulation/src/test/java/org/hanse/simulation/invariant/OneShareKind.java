package org.hanse.simulation.invariant;

import java.util.HashMap;
import java.util.Map;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ShareKind;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.AttemptMessage;

/** Nobody can get shares of both secrets of a site in one attempt: together they unmask it. */
final class OneShareKind implements Facts {
  private final World world;
  private final Map<AttemptId, Map<Integer, ShareKind>> kinds = new HashMap<>();

  OneShareKind(World world) {
    this.world = world;
  }

  @Override
  public void sending(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Release release) {
      Map<Integer, ShareKind> seen = kinds.computeIfAbsent(message.attempt(), a -> new HashMap<>());
      for (FromSite.ReleasedShare share : release.shares()) {
        ShareKind before = seen.putIfAbsent(share.peerIndex(), share.kind());
        if (before != null && before != share.kind()) {
          world.fail(
              "never both share kinds for one peer",
              "peer %d in %s".formatted(share.peerIndex(), message.attempt()),
              null);
        }
      }
    }
  }
}
