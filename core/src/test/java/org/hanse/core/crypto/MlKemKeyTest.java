package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.hanse.core.plan.Bytes;
import org.hanse.core.testing.SampleRound;
import org.junit.jupiter.api.Test;

final class MlKemKeyTest {
  private static final int SHAKE_128 = 128;
  private static final String JDK = "SunJCE";

  /** DER of SubjectPublicKeyInfo up to an ML-KEM-768 key: RFC 9935. */
  private static final byte[] SPKI_PREFIX =
      HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

  private final MlKemKey key = key(1);

  /**
   * A hundred key pairs, ciphertexts, secrets and rejections from one stream, hashed together.
   * Source: crypto/mlkem of Go, TestAccumulated, short form, which several implementations of the
   * final standard agree on.
   */
  @Test
  void fromSeeds_encapsulate_decapsulate_accumulated_giveThePublishedHash() {
    SHAKEDigest input = new SHAKEDigest(SHAKE_128);
    SHAKEDigest all = new SHAKEDigest(SHAKE_128);
    for (int i = 0; i < 100; i++) {
      MlKemKey one = MlKemKey.fromSeeds(SecretBytes.adopt(next(input, 32)), seed(input));
      update(all, one.publicKey().toByteArray());
      MlKemKey.Encapsulation made = MlKemKey.encapsulate(one.publicKey(), seed(input));
      update(all, made.ciphertext().toByteArray());
      update(all, made.secret().toByteArray());
      assertThat(one.decapsulate(made.ciphertext())).isEqualTo(made.secret());
      Bytes noise = Bytes.of(next(input, MlKemKey.CIPHERTEXT_BYTES));
      assertThatThrownBy(() -> one.decapsulate(noise)).isInstanceOf(CryptoException.class);
      update(all, one.implicitRejection(noise).toByteArray());
    }
    assertThat(HexFormat.of().formatHex(next(all, 32)))
        .isEqualTo("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415");
  }

  /** The JDK's implementation shares no code with ours. */
  @Test
  void encapsulate_toTheJdksKey_itDecapsulatesTheSame()
      throws GeneralSecurityException, DecapsulateException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM-768");
    KeyPair pair = generator.generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    Bytes publicKey = Bytes.of(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length));
    SecretBytes coins = SampleRound.run(7, 32);

    MlKemKey.Encapsulation made = MlKemKey.encapsulate(publicKey, coins);

    byte[] theirs =
        KEM.getInstance("ML-KEM", JDK)
            .newDecapsulator(pair.getPrivate())
            .decapsulate(made.ciphertext().toByteArray())
            .getEncoded();
    assertThat(made.secret()).isEqualTo(SecretBytes.adopt(theirs));
    // K = first half of G(m || H(ek)): the coins are the standard's m, not a seed for it.
    MessageDigest g = MessageDigest.getInstance("SHA3-512");
    g.update(coins.toByteArray());
    g.update(MessageDigest.getInstance("SHA3-256").digest(publicKey.toByteArray()));
    assertThat(theirs).isEqualTo(Arrays.copyOf(g.digest(), 32));
  }

  @Test
  void decapsulate_whatTheJdkEncapsulated_givesTheSame() throws GeneralSecurityException {
    byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + MlKemKey.PUBLIC_KEY_BYTES);
    System.arraycopy(
        key.publicKey().toByteArray(), 0, spki, SPKI_PREFIX.length, MlKemKey.PUBLIC_KEY_BYTES);
    PublicKey publicKey =
        KeyFactory.getInstance("ML-KEM").generatePublic(new X509EncodedKeySpec(spki));

    KEM.Encapsulated made = KEM.getInstance("ML-KEM", JDK).newEncapsulator(publicKey).encapsulate();

    assertThat(key.decapsulate(Bytes.of(made.encapsulation())))
        .isEqualTo(SecretBytes.adopt(made.key().getEncoded()));
  }

  @Test
  void decapsulate_anyFlippedByteOrAnothersCiphertext_refused() {
    byte[] sent =
        MlKemKey.encapsulate(key.publicKey(), SampleRound.run(3, 32)).ciphertext().toByteArray();
    for (int i = 0; i < sent.length; i += 17) {
      byte[] changed = sent.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> key.decapsulate(Bytes.of(changed)))
          .isInstanceOf(CryptoException.class);
    }
    assertThatThrownBy(() -> key(2).decapsulate(Bytes.of(sent)))
        .isInstanceOf(CryptoException.class);
  }

  @Test
  void decapsulate_anotherLength_refused() {
    for (int size : new int[] {0, MlKemKey.CIPHERTEXT_BYTES - 1, MlKemKey.CIPHERTEXT_BYTES + 1}) {
      assertThatThrownBy(() -> key.decapsulate(Bytes.of(new byte[size])))
          .isInstanceOf(CryptoException.class);
    }
  }

  @Test
  void isValid_reducedKeyOfTheRightLength_is() {
    assertThat(MlKemKey.isValid(key.publicKey())).isTrue();
    assertThat(MlKemKey.isValid(Bytes.of(new byte[MlKemKey.PUBLIC_KEY_BYTES]))).isTrue();
  }

  @Test
  void isValid_anotherLengthOrACoefficientOfQ_isNot() {
    assertThat(MlKemKey.isValid(Bytes.of(new byte[0]))).isFalse();
    assertThat(MlKemKey.isValid(Bytes.of(new byte[MlKemKey.PUBLIC_KEY_BYTES - 1]))).isFalse();
    assertThat(MlKemKey.isValid(Bytes.of(new byte[MlKemKey.PUBLIC_KEY_BYTES + 1]))).isFalse();
    byte[] unreduced = key.publicKey().toByteArray();
    // q = 3329 = 0xd01 as the first 12 bits, little-endian.
    unreduced[0] = 0x01;
    unreduced[1] = (byte) ((unreduced[1] & 0xf0) | 0x0d);
    assertThat(MlKemKey.isValid(Bytes.of(unreduced))).isFalse();
    assertThatThrownBy(() -> MlKemKey.encapsulate(Bytes.of(unreduced), SampleRound.run(3, 32)))
        .isInstanceOf(CryptoException.class);
  }

  @Test
  void encapsulate_coinsOfAnotherLength_refused() {
    assertThatThrownBy(() -> MlKemKey.encapsulate(key.publicKey(), SampleRound.run(3, 31)))
        .isInstanceOf(CryptoException.class);
  }

  @Test
  void fromSeeds_seedsOfAnotherLength_refused() {
    assertThatThrownBy(() -> MlKemKey.fromSeeds(SampleRound.run(1, 31), SampleRound.run(1, 32)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MlKemKey.fromSeeds(SampleRound.run(1, 32), SampleRound.run(1, 33)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void erase_decapsulatesNoMore() {
    Bytes sent = MlKemKey.encapsulate(key.publicKey(), SampleRound.run(3, 32)).ciphertext();
    key.erase();
    assertThatThrownBy(() -> key.decapsulate(sent)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void toString_holdsNoSeed() {
    assertThat(key.toString()).startsWith("ML-KEM-768 key ").hasSizeLessThan(90);
  }

  private static MlKemKey key(int start) {
    return MlKemKey.fromSeeds(SampleRound.run(start, 32), SampleRound.run(start + 100, 32));
  }

  private static SecretBytes seed(SHAKEDigest stream) {
    return SecretBytes.adopt(next(stream, MlKemKey.SEED_BYTES));
  }

  private static byte[] next(SHAKEDigest stream, int sizeBytes) {
    byte[] output = new byte[sizeBytes];
    stream.doOutput(output, 0, sizeBytes);
    return output;
  }

  private static void update(SHAKEDigest digest, byte[] content) {
    digest.update(content, 0, content.length);
  }
}
