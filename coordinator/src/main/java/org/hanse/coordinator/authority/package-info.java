/**
 * Who somebody is and what they may do: roles read from certificates, the check of a site's signing
 * certificate, and the coordinator's own keys.
 *
 * <p>May use: core, coordinator.round, the platform's X.509.
 */
@NullMarked
package org.hanse.coordinator.authority;

import org.jspecify.annotations.NullMarked;
