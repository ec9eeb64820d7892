/**
 * Checks what a coordinator has kept of its rounds, from the files alone. Nobody is trusted but the
 * manifest, whose hash whoever audits compares with the one that was approved.
 *
 * <p>May use: core, wire, client.session, client.storage, client.update.
 */
@NullMarked
package org.hanse.client.audit;

import org.jspecify.annotations.NullMarked;
