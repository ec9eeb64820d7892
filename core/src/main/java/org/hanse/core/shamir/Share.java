package org.hanse.core.shamir;

import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.SecretBytes;

/**
 * A point of a sharing polynomial.
 *
 * @param abscissa who holds it, from 1
 * @param value 32 bytes little-endian, below 2^255-19
 */
public record Share(int abscissa, SecretBytes value) implements Erasable {
  @Override
  public void erase() {
    value.erase();
  }
}
