/**
 * The coordinator's side of FLSA1: its state machine, what it checks of every message, and how it
 * rebuilds what is left in the sum.
 *
 * <p>May use: secagg, plan, vector, crypto, shamir.
 */
@NullMarked
package org.hanse.core.secagg.coordinator;

import org.jspecify.annotations.NullMarked;
