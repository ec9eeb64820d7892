/**
 * What researchers write: the job file, which becomes a manifest, and how they reach the
 * coordinator.
 *
 * <p>May use: config, core.plan.
 */
@NullMarked
package org.hanse.client.config.job;

import org.jspecify.annotations.NullMarked;
