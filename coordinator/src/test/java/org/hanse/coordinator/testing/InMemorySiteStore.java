package org.hanse.coordinator.testing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.core.plan.SiteId;

/** Sites in memory. */
public final class InMemorySiteStore implements SiteStore {
  private final Map<SiteId, StoredSite> sites = new ConcurrentHashMap<>();

  @Override
  public void seen(SiteId site, CertifiedKey key, Instant at) {
    sites.put(
        site, new StoredSite(site, key.entry().site(), key.certificateDer(), key.notAfter(), at));
  }

  @Override
  public List<StoredSite> all() {
    return sites.values().stream()
        .sorted(Comparator.comparing(known -> known.site().value()))
        .toList();
  }
}
