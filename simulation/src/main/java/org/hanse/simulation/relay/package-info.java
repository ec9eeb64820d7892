/**
 * A loopback byte relay that slows down and freezes what one site sends.
 *
 * <p>May use: JDK.
 */
@NullMarked
package org.hanse.simulation.relay;

import org.jspecify.annotations.NullMarked;
