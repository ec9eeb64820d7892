/**
 * What goes wrong in a run: kinds of faults, plans of when and where, and their way to the
 * machines.
 *
 * <p>May use: world, disk, link, consortium, YAML.
 */
@NullMarked
package org.hanse.simulation.fault;

import org.jspecify.annotations.NullMarked;
