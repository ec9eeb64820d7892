package org.hanse.core.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The AES-256-CTR key stream of one key from one position on: the encryption of zeros under IV 0.
 * Not thread-safe.
 */
final class KeyStream {
  /** Named explicitly: Bouncy Castle's AES-CTR is two hundred times slower. */
  static final String PROVIDER = "SunJCE";

  /** Small enough for the first-level cache, and for the fast path to be compiled soon. */
  static final int TILE_BYTES = 16 << 10;

  private static final int BLOCK_BYTES = 16;
  private static final byte[] ZEROS = new byte[TILE_BYTES];

  private final Cipher cipher;

  /**
   * The stream of CTR mode from this counter block on.
   *
   * @param key 32 bytes
   * @param counter 16 bytes
   */
  KeyStream(SecretBytes key, byte[] counter) {
    if (key.size() != KeyDerivation.KEY_SIZE_BYTES) {
      throw new IllegalArgumentException("AES-256 key of " + key.size() + " bytes");
    }
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding", PROVIDER);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key.reveal(), "AES"),
          new IvParameterSpec(counter));
    } catch (GeneralSecurityException e) {
      throw new CryptoException();
    }
  }

  /**
   * The stream under IV 0 from any byte on.
   *
   * @param key 32 bytes
   * @param firstByte position of the first byte that will be made
   */
  static KeyStream from(SecretBytes key, long firstByte) {
    ByteBuffer counter = ByteBuffer.allocate(BLOCK_BYTES);
    counter.putLong(Long.BYTES, firstByte / BLOCK_BYTES);
    KeyStream stream = new KeyStream(key, counter.array());
    stream.next(new byte[BLOCK_BYTES], (int) (firstByte % BLOCK_BYTES));
    return stream;
  }

  /**
   * Overwrites the first {@code sizeBytes} of {@code tile}, at most a tile, with what comes next.
   */
  void next(byte[] tile, int sizeBytes) {
    try {
      int made = cipher.update(ZEROS, 0, sizeBytes, tile, 0);
      if (made != sizeBytes) {
        throw new IllegalStateException("AES-CTR held back " + (sizeBytes - made) + " bytes");
      }
    } catch (ShortBufferException e) {
      throw new IllegalArgumentException("tile is smaller than " + sizeBytes + " bytes", e);
    }
  }

  String providerName() {
    return cipher.getProvider().getName();
  }
}
