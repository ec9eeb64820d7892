package org.hanse.core.secagg.site;

import org.hanse.core.secagg.SiteRefusal;

/**
 * A check that a site's counterpart failed.
 *
 * @param reason safe to send upstream
 * @param detail for the site's own log; no secret
 */
record Refusal(SiteRefusal reason, String detail) {}
