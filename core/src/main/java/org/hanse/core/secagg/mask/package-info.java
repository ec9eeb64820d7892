/**
 * Masks: from a site's secrets to the streams that hide its upload, what the releases reveal of
 * them, and how they come off the sum again; the keyed tag likewise.
 *
 * <p>May use: secagg, crypto, plan, vector.
 */
@NullMarked
package org.hanse.core.secagg.mask;

import org.jspecify.annotations.NullMarked;
