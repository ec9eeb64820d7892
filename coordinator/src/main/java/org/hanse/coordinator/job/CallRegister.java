package org.hanse.coordinator.job;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hanse.coordinator.round.Presence;
import org.hanse.core.plan.SiteId;

/** Which sites have a call in flight, over all their connections. Thread-safe. */
public final class CallRegister {
  private final InstantSource clock;
  private final Map<SiteId, Integer> calls = new HashMap<>();
  private final Map<SiteId, Instant> awaySince = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();

  /** Hears of sites that come and go, one change at a time, in order; must not block. */
  public interface Listener {
    void came(SiteId site);

    void went(SiteId site);
  }

  public CallRegister(InstantSource clock) {
    this.clock = clock;
  }

  /** A site's call began. */
  public synchronized void begin(SiteId site) {
    if (calls.merge(site, 1, Integer::sum) == 1) {
      awaySince.remove(site);
      listeners.forEach(listener -> listener.came(site));
    }
  }

  /** A call that {@link #begin} was told of ended, for whatever reason. */
  public synchronized void end(SiteId site) {
    Integer left = calls.computeIfPresent(site, (s, count) -> count == 1 ? null : count - 1);
    if (left == null) {
      awaySince.put(site, clock.instant());
      listeners.forEach(listener -> listener.went(site));
    }
  }

  /** Every change from now on goes to {@code listener}; what was before is returned. */
  public synchronized Map<SiteId, Presence> follow(Listener listener) {
    listeners.add(listener);
    Map<SiteId, Presence> now = new HashMap<>();
    awaySince.forEach((site, since) -> now.put(site, new Presence.Away(since)));
    calls.keySet().forEach(site -> now.put(site, new Presence.Here()));
    return now;
  }

  public synchronized void unfollow(Listener listener) {
    listeners.remove(listener);
  }
}
