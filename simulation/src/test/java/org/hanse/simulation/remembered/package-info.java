/**
 * Makes long series of simulated jobs cheaper, and changes nothing that happens in them.
 *
 * <p>May use: JDK, Bouncy Castle's curves.
 */
@NullMarked
package org.hanse.simulation.remembered;

import org.jspecify.annotations.NullMarked;
