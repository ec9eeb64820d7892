/**
 * A site's side of FLSA1: its state machine, what it checks of every message, the secrets it holds
 * and erases, its journal's entries.
 *
 * <p>May use: secagg, plan, vector, encode, crypto, shamir.
 */
@NullMarked
package org.hanse.core.secagg.site;

import org.jspecify.annotations.NullMarked;
