/**
 * The commands of site administrators, stewards and researchers, and the places where programs are
 * wired.
 *
 * <p>May use: all packages of the client.
 */
@NullMarked
package org.hanse.client.cli;

import org.jspecify.annotations.NullMarked;
