package org.hanse.simulation.invariant;

import java.util.HashMap;
import java.util.Map;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.AttemptMessage;

/** A site advertises once in an attempt, and no key in two attempts. */
final class FreshKeys implements Facts {
  private static final String RULE = "keys are fresh in every attempt";

  private final World world;
  private final Map<Advertised, FromSite> advertised = new HashMap<>();
  private final Map<AgreementPublicKey, Advertised> keys = new HashMap<>();

  private record Advertised(SiteId site, AttemptId attempt) {}

  FreshKeys(World world) {
    this.world = world;
  }

  @Override
  public void sending(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Advertisement advertisement) {
      Advertised now = new Advertised(site, message.attempt());
      FromSite before = advertised.putIfAbsent(now, advertisement);
      if (before != null && !before.equals(advertisement)) {
        world.fail(RULE, "two advertisements of " + now, null);
      }
      for (AgreementPublicKey key : advertisement.keys()) {
        Advertised used = keys.putIfAbsent(key, now);
        if (used != null && !used.equals(now)) {
          world.fail(RULE, "a key of %s and of %s".formatted(used, now), null);
        }
      }
    }
  }
}
