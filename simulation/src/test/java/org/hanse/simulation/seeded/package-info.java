/**
 * Runs from seeds: one whole job among simulated machines, checked as it goes.
 *
 * <p>May use: world, consortium, fault, invariant, picocli.
 */
@NullMarked
package org.hanse.simulation.seeded;

import org.jspecify.annotations.NullMarked;
