package org.hanse.core.secagg;

/**
 * What is wrong with a site's message.
 *
 * @param detail for the coordinator's log; no secret
 */
record Fault(DropReason reason, String detail) {}
