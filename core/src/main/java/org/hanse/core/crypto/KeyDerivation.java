package org.hanse.core.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.hanse.core.plan.Hash;

/** HKDF-SHA256 (RFC 5869) to 32 bytes, with labelled fields as its context. */
public final class KeyDerivation {
  /** Size of every key derived here. */
  public static final int KEY_SIZE_BYTES = 32;

  private KeyDerivation() {}

  /**
   * {@code HKDF-SHA256(salt, keyMaterial, info = LP(label) || fields, 32)}.
   *
   * @param fields public: what the key is for; only {@code keyMaterial} is secret
   */
  public static SecretBytes derive(
      SecretBytes keyMaterial, Hash salt, String label, Fields fields) {
    byte[] labelBytes = new Fields().text(label).toByteArray();
    byte[] fieldBytes = fields.toByteArray();
    byte[] info = Arrays.copyOf(labelBytes, labelBytes.length + fieldBytes.length);
    System.arraycopy(fieldBytes, 0, info, labelBytes.length, fieldBytes.length);
    return hkdf(keyMaterial, salt.bytes().toByteArray(), info);
  }

  /** RFC 5869 with an output of 32 bytes. */
  static SecretBytes hkdf(SecretBytes keyMaterial, byte[] salt, byte[] info) {
    try {
      return SecretBytes.adopt(
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(keyMaterial.reveal())
                      .addSalt(salt)
                      .thenExpand(info, KEY_SIZE_BYTES)));
    } catch (GeneralSecurityException e) {
      throw new CryptoException();
    }
  }
}
