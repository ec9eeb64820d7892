package org.hanse.core.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.hanse.core.plan.Bytes;

/**
 * AES-256-GCM: hides a secret and binds it to public context. A key and nonce must never seal two
 * different texts.
 */
public final class SealedBox {
  /** Size of a nonce, of which no key ever sees one twice. */
  public static final int NONCE_SIZE_BYTES = 12;

  /** By how much a ciphertext is longer than its plaintext. */
  public static final int TAG_SIZE_BYTES = 16;

  private static final int KEY_SIZE_BYTES = 32;

  private SealedBox() {}

  /**
   * Encrypts and authenticates {@code plaintext}, and authenticates {@code associatedData}.
   *
   * @param key 32 bytes
   * @param nonce 12 bytes, never used before with this key
   * @return the ciphertext, 16 bytes longer than the plaintext
   */
  public static Bytes seal(
      SecretBytes key, Bytes nonce, byte[] associatedData, SecretBytes plaintext) {
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, associatedData);
      return Bytes.of(cipher.doFinal(plaintext.reveal()));
    } catch (GeneralSecurityException e) {
      throw new CryptoException();
    }
  }

  /**
   * The plaintext that was sealed under the same key, nonce and associated data.
   *
   * @throws CryptoException if key, nonce, associated data or ciphertext is not what was sealed
   */
  public static SecretBytes open(
      SecretBytes key, Bytes nonce, byte[] associatedData, Bytes ciphertext) {
    if (nonce.size() != NONCE_SIZE_BYTES) {
      throw new CryptoException();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, associatedData);
      return SecretBytes.adopt(cipher.doFinal(ciphertext.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new CryptoException();
    }
  }

  private static Cipher cipher(int mode, SecretBytes key, Bytes nonce, byte[] associatedData)
      throws GeneralSecurityException {
    if (key.size() != KEY_SIZE_BYTES || nonce.size() != NONCE_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "AES-256-GCM takes no key of " + key.size() + " and nonce of " + nonce.size() + " bytes");
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", KeyStream.PROVIDER);
    cipher.init(
        mode,
        new SecretKeySpec(key.reveal(), "AES"),
        new GCMParameterSpec(TAG_SIZE_BYTES * Byte.SIZE, nonce.toByteArray()));
    cipher.updateAAD(associatedData);
    return cipher;
  }
}
