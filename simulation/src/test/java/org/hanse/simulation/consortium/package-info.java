/**
 * A coordinator and its sites as simulated machines: the product's own code on simulated disks,
 * links and clocks, and a record of what was seen of it.
 *
 * <p>May use: world, disk, link, coordinator, client, core, proto.
 */
@NullMarked
package org.hanse.simulation.consortium;

import org.jspecify.annotations.NullMarked;
