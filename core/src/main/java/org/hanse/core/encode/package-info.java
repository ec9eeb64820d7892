/**
 * The update's clip, weight and stochastic fixed-point encoding, its inverse, and the proof that no
 * honest sum wraps.
 *
 * <p>May use: vector, plan, crypto (the rounding stream).
 */
@NullMarked
package org.hanse.core.encode;

import org.jspecify.annotations.NullMarked;
