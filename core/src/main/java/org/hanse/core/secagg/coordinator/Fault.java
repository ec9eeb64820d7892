package org.hanse.core.secagg.coordinator;

import org.hanse.core.secagg.DropReason;

/**
 * What is wrong with a site's message.
 *
 * @param detail for the coordinator's log; no secret
 */
record Fault(DropReason reason, String detail) {}
