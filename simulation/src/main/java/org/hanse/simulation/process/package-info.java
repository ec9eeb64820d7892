/**
 * Child processes: started through the launcher, read line by line, and never left behind.
 *
 * <p>May use: JDK.
 */
@NullMarked
package org.hanse.simulation.process;

import org.jspecify.annotations.NullMarked;
