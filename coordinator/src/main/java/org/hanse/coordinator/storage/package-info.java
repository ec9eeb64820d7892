/**
 * Files: uploads spooled while they are hashed, models by their hash, sums, and the journal of a
 * round. What a method has returned from is on the disk where it says so.
 *
 * <p>May use: core, wire, coordinator.round, the file system.
 */
@NullMarked
package org.hanse.coordinator.storage;

import org.jspecify.annotations.NullMarked;
