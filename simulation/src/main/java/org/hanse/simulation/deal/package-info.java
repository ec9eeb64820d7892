/**
 * Deals one table of records unevenly to sites, beside a held-out test set that no site holds.
 *
 * <p>May use: JDK.
 */
@NullMarked
package org.hanse.simulation.deal;

import org.jspecify.annotations.NullMarked;
