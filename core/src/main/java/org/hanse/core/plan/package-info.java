/**
 * What a job is: the manifest, its members, limits and model layout, as validated values.
 *
 * <p>May use: JDK.
 */
@NullMarked
package org.hanse.core.plan;

import org.jspecify.annotations.NullMarked;
