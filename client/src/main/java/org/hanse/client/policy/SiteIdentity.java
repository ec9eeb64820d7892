package org.hanse.client.policy;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;

/**
 * Who this site is.
 *
 * @param signingKey fingerprint of the key that this site holds
 */
public record SiteIdentity(SiteId site, Fingerprint signingKey) {}
