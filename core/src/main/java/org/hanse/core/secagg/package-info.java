/**
 * The secure aggregation protocol FLSA1: its messages and the two state machines, site and
 * coordinator.
 *
 * <p>May use: plan, vector, encode, crypto, shamir.
 */
@NullMarked
package org.hanse.core.secagg;

import org.jspecify.annotations.NullMarked;
