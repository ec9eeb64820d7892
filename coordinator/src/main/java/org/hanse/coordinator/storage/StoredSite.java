package org.hanse.coordinator.storage;

import java.time.Instant;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;

/**
 * A site as it was seen last.
 *
 * @param fingerprint of its signing key
 * @param certificateDer X.509, of that key
 * @param notAfter the last moment of the certificate's life
 */
public record StoredSite(
    SiteId site, Fingerprint fingerprint, Bytes certificateDer, Instant notAfter, Instant seenAt) {}
