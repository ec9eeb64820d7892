/**
 * Trains and evaluates on a site's data. The only package that knows the engine, DL4J; its values
 * could cross to a process of its own.
 *
 * <p>May use: core.plan, core.vector, DL4J and ND4J.
 */
@NullMarked
package org.hanse.client.trainer;

import org.jspecify.annotations.NullMarked;
