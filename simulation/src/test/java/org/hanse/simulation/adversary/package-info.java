/**
 * A dishonest coordinator and dishonest sites against the real machines, over messages in memory:
 * what must fail fails, what must hold holds, and after every run a list of invariants is checked.
 * The number in a test's name is that of the case in the list of what the protocol must withstand.
 */
@NullMarked
package org.hanse.simulation.adversary;

import org.jspecify.annotations.NullMarked;
