package org.hanse.simulation.invariant;

import java.util.HashMap;
import java.util.Map;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.AttemptMessage;

/**
 * A site releases once in a round's life, whatever restarts: two releases would give two sums, and
 * their difference may be one site's update.
 */
final class OneReleaseARound implements Facts {
  private final World world;
  private final Map<SiteId, Map<RoundId, AttemptMessage>> released = new HashMap<>();

  OneReleaseARound(World world) {
    this.world = world;
  }

  @Override
  public void sending(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Release) {
      AttemptMessage before =
          released
              .computeIfAbsent(site, s -> new HashMap<>())
              .putIfAbsent(message.attempt().round(), message);
      if (before != null && !before.equals(message)) {
        world.fail(
            "no update is unmasked twice",
            "%s releases in %s and in %s".formatted(site, before.attempt(), message.attempt()),
            null);
      }
    }
  }
}
