/** The machine's file system, with somebody who hears of every change before it happens. */
@NullMarked
package org.hanse.simulation.crash.disk;

import org.jspecify.annotations.NullMarked;
