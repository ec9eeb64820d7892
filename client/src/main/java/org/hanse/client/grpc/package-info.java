/**
 * The mutually authenticated channel to the coordinator, its calls and the vector transfers.
 *
 * <p>May use: config, session, core, proto and its wire conversions.
 */
@NullMarked
package org.hanse.client.grpc;

import org.jspecify.annotations.NullMarked;
