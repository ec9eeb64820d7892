/** What the tests of several packages share: vector files and the sample round of FLSA1. */
@NullMarked
package org.hanse.core.testing;

import org.jspecify.annotations.NullMarked;
