/**
 * The coordinator's configuration file as typed, checked settings.
 *
 * <p>May use: core, SnakeYAML Engine, the file system.
 */
@NullMarked
package org.hanse.coordinator.config;

import org.jspecify.annotations.NullMarked;
