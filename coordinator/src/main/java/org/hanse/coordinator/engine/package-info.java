/**
 * The loop that runs each job: events in one queue, effects in order, the work of every site, and
 * the unmasking of sums beside it.
 *
 * <p>May use: core, wire.value, coordinator.round, job, authority, storage.
 */
@NullMarked
package org.hanse.coordinator.engine;

import org.jspecify.annotations.NullMarked;
