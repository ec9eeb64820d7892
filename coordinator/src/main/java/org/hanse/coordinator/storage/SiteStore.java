package org.hanse.coordinator.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.core.plan.SiteId;

/** The signing certificates that sites have shown last. Thread-safe; durable on return. */
public interface SiteStore {

  /** The site came with this key; what it came with before is forgotten. */
  void seen(SiteId site, CertifiedKey key, Instant at) throws IOException;

  /** Ascending by site. */
  List<StoredSite> all() throws IOException;
}
