/**
 * One round of a job, from recruiting sites to a published model: a pure state machine around the
 * coordinator's side of secure aggregation. Time arrives in events; what is to be done leaves as
 * effects.
 *
 * <p>May use: core, wire.value.
 */
@NullMarked
package org.hanse.coordinator.round;

import org.jspecify.annotations.NullMarked;
