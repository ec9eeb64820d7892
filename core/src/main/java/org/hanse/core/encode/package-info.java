/**
 * The update's clip, rotation, weight and stochastic fixed-point encoding, its inverse, and the
 * proof that no honest sum wraps.
 *
 * <p>May use: vector, plan, crypto (the streams of rounding and of signs).
 */
@NullMarked
package org.hanse.core.encode;

import org.jspecify.annotations.NullMarked;
