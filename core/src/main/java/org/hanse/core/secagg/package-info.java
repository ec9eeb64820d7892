/**
 * The secure aggregation protocol FLSA1: its messages, and what site, coordinator and auditor
 * compute alike: contexts, commitments, sets. Masks and the two state machines are in the packages
 * below.
 *
 * <p>May use: plan, vector, encode, crypto, shamir.
 */
@NullMarked
package org.hanse.core.secagg;

import org.jspecify.annotations.NullMarked;
