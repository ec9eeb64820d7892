/**
 * What travels besides the protocol's own messages, as immutable values: work items, reports,
 * transfers and a job's history.
 *
 * <p>May use: core.
 */
@NullMarked
package org.hanse.wire.value;

import org.jspecify.annotations.NullMarked;
