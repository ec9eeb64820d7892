/**
 * A consortium with its own certificate authority, made for tests, and sites that follow a script.
 */
@NullMarked
package org.hanse.coordinator.testing;

import org.jspecify.annotations.NullMarked;
