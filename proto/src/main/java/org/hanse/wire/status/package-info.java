/**
 * Why a call was refused, from a closed list, and how that travels as a gRPC status.
 *
 * <p>May use: core, wire, generated messages, protobuf, gRPC.
 */
@NullMarked
package org.hanse.wire.status;

import org.jspecify.annotations.NullMarked;
