/**
 * The program behind {@code hanse bench}: what secure aggregation costs on this machine, in one
 * process and without network. A benchmark is one class and one command.
 *
 * <p>May use: core, picocli, Jackson.
 */
@NullMarked
package org.hanse.bench;

import org.jspecify.annotations.NullMarked;
