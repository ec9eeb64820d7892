/**
 * The coordinator as a program: reads its configuration, wires its parts and serves.
 *
 * <p>May use: all packages of the coordinator.
 */
@NullMarked
package org.hanse.coordinator;

import org.jspecify.annotations.NullMarked;
