/**
 * Real programs that are killed at every durable write and started again: what they leave behind
 * must be enough to go on. docs/crash-tests.md explains the failpoints.
 */
@NullMarked
package org.hanse.simulation.crash;

import org.jspecify.annotations.NullMarked;
