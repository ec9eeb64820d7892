/**
 * What a site keeps on disk: its journal, saved updates, cached models, and its keys.
 *
 * <p>May use: session, config, core, Bouncy Castle.
 */
@NullMarked
package org.hanse.client.storage;

import org.jspecify.annotations.NullMarked;
