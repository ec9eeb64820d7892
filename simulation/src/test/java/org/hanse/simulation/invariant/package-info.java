/**
 * What must be true of every run, whatever goes wrong: one class each, over facts seen from outside
 * of the product.
 *
 * <p>May use: world, consortium, core, client.update, coordinator.round, coordinator.storage.
 */
@NullMarked
package org.hanse.simulation.invariant;

import org.jspecify.annotations.NullMarked;
