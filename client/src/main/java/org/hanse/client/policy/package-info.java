/**
 * What this site allows, decided from its own policy and the approved manifest's bytes alone.
 *
 * <p>May use: core.plan.
 */
@NullMarked
package org.hanse.client.policy;

import org.jspecify.annotations.NullMarked;
