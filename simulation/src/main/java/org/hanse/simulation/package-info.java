/**
 * The program behind {@code hanse demo}: arguments, wiring and exit codes.
 *
 * <p>May use: everything in {@code simulation}.
 */
@NullMarked
package org.hanse.simulation;

import org.jspecify.annotations.NullMarked;
