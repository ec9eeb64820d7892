/**
 * Typed settings of a site and of a researcher, read strictly from YAML: all errors at once.
 *
 * <p>May use: policy, core.plan.
 */
@NullMarked
package org.hanse.client.config;

import org.jspecify.annotations.NullMarked;
