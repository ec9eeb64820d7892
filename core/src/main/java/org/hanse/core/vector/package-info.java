/**
 * Float32 parameters, ring vectors, chunking and the safetensors codec over bytes.
 *
 * <p>May use: JDK.
 */
@NullMarked
package org.hanse.core.vector;

import org.jspecify.annotations.NullMarked;
