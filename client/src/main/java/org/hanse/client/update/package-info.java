/**
 * From (model before, model after, examples, metrics) to the vector to mask, and from a sum to the
 * next model.
 *
 * <p>May use: policy, core.
 */
@NullMarked
package org.hanse.client.update;

import org.jspecify.annotations.NullMarked;
