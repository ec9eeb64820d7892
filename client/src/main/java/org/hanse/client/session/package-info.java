/**
 * Where this site stands in each job, and what follows from what it is offered.
 *
 * <p>May use: policy, core, wire.
 */
@NullMarked
package org.hanse.client.session;

import org.jspecify.annotations.NullMarked;
