/**
 * Server optimizers as pure functions, recomputed by sites to check the coordinator.
 *
 * <p>May use: vector, plan.
 */
@NullMarked
package org.hanse.core.optimize;

import org.jspecify.annotations.NullMarked;
