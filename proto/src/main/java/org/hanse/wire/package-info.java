/**
 * Conversions between messages and values: the only place where bytes become values and where a
 * value out of range is refused with its field's path.
 *
 * <p>May use: core, wire.value, generated messages, protobuf, Jackson's streaming parser.
 */
@NullMarked
package org.hanse.wire;

import org.jspecify.annotations.NullMarked;
