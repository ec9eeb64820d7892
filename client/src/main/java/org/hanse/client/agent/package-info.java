/**
 * The loop that runs a site: takes work, decides, trains, aggregates, and survives what breaks.
 *
 * <p>May use: policy, session, update, trainer, storage, core, wire.
 */
@NullMarked
package org.hanse.client.agent;

import org.jspecify.annotations.NullMarked;
