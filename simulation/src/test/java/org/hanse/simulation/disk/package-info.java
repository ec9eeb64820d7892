/**
 * A disk in memory behind java.nio.file: it knows what is synced and what is not, loses the rest in
 * a power cut, and fails when it is told to.
 *
 * <p>May use: world, JDK.
 */
@NullMarked
package org.hanse.simulation.disk;

import org.jspecify.annotations.NullMarked;
