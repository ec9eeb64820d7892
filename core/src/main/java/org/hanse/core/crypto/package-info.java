/**
 * X25519, ML-KEM-768, Ed25519, HKDF, AES-GCM, the AES-CTR mask stream, labelled hashes and Merkle
 * trees, and secrets that erase and never print.
 *
 * <p>May use: JDK crypto, Bouncy Castle, plan (values).
 */
@NullMarked
package org.hanse.core.crypto;

import org.jspecify.annotations.NullMarked;
