/**
 * A certificate authority for one made-up consortium, and the keys that a seed fixes.
 *
 * <p>May use: core.plan, Bouncy Castle, JDK.
 */
@NullMarked
package org.hanse.simulation.authority;

import org.jspecify.annotations.NullMarked;
