package org.hanse.core.crypto;

import java.util.List;
import java.util.Optional;
import javax.security.auth.DestroyFailedException;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.hanse.core.plan.Bytes;

/**
 * An ML-KEM-768 key pair (FIPS 203), held as the seeds it is made from, so that it can be erased.
 */
public final class MlKemKey implements Erasable {
  /** Size of an encapsulation key, FIPS 203 table 3. */
  public static final int PUBLIC_KEY_BYTES = 1184;

  /** Size of a ciphertext, FIPS 203 table 3. */
  public static final int CIPHERTEXT_BYTES = 1088;

  /** Size of d, z, of the coins and of the shared secret. */
  public static final int SEED_BYTES = 32;

  private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_768;
  private static final int STRENGTH_BITS_OF_J = 256;

  private final SecretBytes seeds;
  private final Bytes publicKey;

  private MlKemKey(SecretBytes seeds, Bytes publicKey) {
    this.seeds = seeds;
    this.publicKey = publicKey;
  }

  /**
   * A secret and the ciphertext that carries it to the key's owner.
   *
   * @param ciphertext {@value #CIPHERTEXT_BYTES} bytes
   * @param secret 32 bytes
   */
  public record Encapsulation(Bytes ciphertext, SecretBytes secret) implements Erasable {
    @Override
    public void erase() {
      secret.erase();
    }
  }

  /**
   * The key pair that algorithm 16 of FIPS 203 makes of two seeds.
   *
   * @param d 32 bytes
   * @param z 32 bytes
   */
  public static MlKemKey fromSeeds(SecretBytes d, SecretBytes z) {
    if (d.size() != SEED_BYTES || z.size() != SEED_BYTES) {
      throw new IllegalArgumentException(
          "ML-KEM seeds of " + d.size() + " and " + z.size() + " bytes");
    }
    SecretBytes seeds = SecretBytes.concatenate(List.of(d, z));
    MLKEMPrivateKeyParameters expanded = expand(seeds);
    Bytes publicKey = Bytes.of(expanded.getPublicKey());
    expanded.destroy();
    return new MlKemKey(seeds, publicKey);
  }

  /** Whether this has the size of an encapsulation key and every coefficient is reduced. */
  public static boolean isValid(Bytes publicKey) {
    return parse(publicKey).isPresent();
  }

  /**
   * Algorithm 17 of FIPS 203: the same coins give the same ciphertext.
   *
   * @param publicKey a valid one
   * @param coins 32 secret bytes, m of the standard; never used twice with one key
   * @throws CryptoException if the key is not valid
   */
  public static Encapsulation encapsulate(Bytes publicKey, SecretBytes coins) {
    if (coins.size() != SEED_BYTES) {
      throw new CryptoException();
    }
    SecretWithEncapsulation made =
        MLKEMGenerator.internalGenerateEncapsulated(
            parse(publicKey).orElseThrow(CryptoException::new), coins.reveal());
    Encapsulation encapsulation =
        new Encapsulation(Bytes.of(made.getEncapsulation()), SecretBytes.adopt(made.getSecret()));
    try {
      made.destroy(); // what it gave was a copy
    } catch (DestroyFailedException e) {
      throw new IllegalStateException("zeroing an array does not fail", e);
    }
    return encapsulation;
  }

  /** The encapsulation key: {@value #PUBLIC_KEY_BYTES} bytes. */
  public Bytes publicKey() {
    return publicKey;
  }

  /**
   * The secret that was encapsulated to this key. FIPS 203 answers a ciphertext that nobody could
   * have made for the key with a pseudorandom secret; here it is refused instead, so that whoever
   * sent it can be named. Keys live for one attempt and each peer sends one signed ciphertext, so a
   * refusal tells a sender no more than its own ciphertext.
   *
   * @throws CryptoException if it is not {@value #CIPHERTEXT_BYTES} bytes, or no encapsulation to
   *     this key
   */
  public SecretBytes decapsulate(Bytes ciphertext) {
    if (ciphertext.size() != CIPHERTEXT_BYTES) {
      throw new CryptoException();
    }
    MLKEMPrivateKeyParameters expanded = expand(seeds);
    SecretBytes secret =
        SecretBytes.adopt(new MLKEMExtractor(expanded).extractSecret(ciphertext.toByteArray()));
    expanded.destroy();
    try (SecretBytes rejected = implicitRejection(ciphertext)) {
      if (secret.equals(rejected)) {
        secret.erase();
        throw new CryptoException();
      }
    }
    return secret;
  }

  /**
   * J(z || c), algorithm 18: what the standard returns for a ciphertext that does not re-encrypt.
   */
  SecretBytes implicitRejection(Bytes ciphertext) {
    SHAKEDigest j = new SHAKEDigest(STRENGTH_BITS_OF_J);
    j.update(seeds.reveal(), SEED_BYTES, SEED_BYTES);
    j.update(ciphertext.toByteArray(), 0, ciphertext.size());
    byte[] output = new byte[SEED_BYTES];
    j.doFinal(output, 0, output.length);
    return SecretBytes.adopt(output);
  }

  /** Zeroes the seeds. */
  @Override
  public void erase() {
    seeds.erase();
  }

  @Override
  public String toString() {
    return "ML-KEM-768 key " + LabelledHash.sha256(publicKey.toByteArray());
  }

  private static MLKEMPrivateKeyParameters expand(SecretBytes seeds) {
    return new MLKEMPrivateKeyParameters(PARAMETERS, seeds.reveal());
  }

  /** Empty for a key of another size or with a coefficient of q or above. */
  private static Optional<MLKEMPublicKeyParameters> parse(Bytes publicKey) {
    if (publicKey.size() != PUBLIC_KEY_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(new MLKEMPublicKeyParameters(PARAMETERS, publicKey.toByteArray()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
