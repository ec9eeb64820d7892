/**
 * A job's life around its rounds: how far it has come, who is present, and what its watchers see.
 *
 * <p>May use: core, wire.value, coordinator.round.
 */
@NullMarked
package org.hanse.coordinator.job;

import org.jspecify.annotations.NullMarked;
