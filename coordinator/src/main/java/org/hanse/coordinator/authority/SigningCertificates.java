package org.hanse.coordinator.authority;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.core.plan.SiteId;

/** The signing certificate that each site presented last. Thread-safe. */
public final class SigningCertificates {
  private final Map<SiteId, CertifiedKey> bySite = new ConcurrentHashMap<>();

  /** Remembers a certificate that {@link ConsortiumAuthority#checkSigning} accepted. */
  public void register(SiteId site, CertifiedKey key) {
    bySite.put(site, key);
  }

  /** Empty until the site said hello to this process. */
  public Optional<CertifiedKey> of(SiteId site) {
    return Optional.ofNullable(bySite.get(site));
  }
}
