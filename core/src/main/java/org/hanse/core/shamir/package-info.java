/**
 * Secret sharing over the field of 2^255-19.
 *
 * <p>May use: crypto (secrets), JDK, Bouncy Castle.
 */
@NullMarked
package org.hanse.core.shamir;

import org.jspecify.annotations.NullMarked;
