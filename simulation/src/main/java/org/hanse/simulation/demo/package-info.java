/**
 * The demo: a consortium's files, its processes, the course of the job, the comparison at the end.
 *
 * <p>May use: core, client.config, client.trainer, the other packages of simulation.
 */
@NullMarked
package org.hanse.simulation.demo;

import org.jspecify.annotations.NullMarked;
