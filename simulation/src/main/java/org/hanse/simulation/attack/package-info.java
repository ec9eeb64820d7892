/**
 * Lies of a dishonest coordinator, as changes of messages: what each tries, at which site, and
 * which check is to refuse it. Nothing of this is installed anywhere.
 *
 * <p>May use: core, wire, JDK.
 */
@NullMarked
package org.hanse.simulation.attack;

import org.jspecify.annotations.NullMarked;
