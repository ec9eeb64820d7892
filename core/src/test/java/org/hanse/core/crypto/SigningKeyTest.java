package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hanse.core.testing.SampleRound.CTX;
import static org.hanse.core.testing.SampleRound.SITE_A;
import static org.hanse.core.testing.SampleRound.run;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SigningKeyTest {
  static List<Vector> rfc8032() {
    return VectorFile.read("ed25519.txt");
  }

  @ParameterizedTest
  @MethodSource("rfc8032")
  void sign_rfcVector_givesItsSignature(Vector vector) {
    SigningKey key = SigningKey.fromSeed(vector.secret("seed"));
    assertThat(key.publicKey()).isEqualTo(vector.bytes("public"));
    assertThat(key.sign(vector.array("message"))).isEqualTo(vector.bytes("signature"));
    assertThat(
            SignatureVerifier.verify(
                vector.bytes("public"), vector.array("message"), vector.bytes("signature")))
        .isTrue();
  }

  @Test
  void sign_sampleAdvertisement_givesItsSignature() {
    Vector sample = VectorFile.read("flsa1.txt", "signature");
    Vector context = VectorFile.read("flsa1.txt", "context");
    Bytes channelKey = X25519Key.fromSecret(run(0x80, 32)).publicKey();
    assertThat(channelKey).isEqualTo(sample.bytes("public-a"));
    byte[] message =
        new Fields()
            .text("flsa1/sig/ad")
            .hash(CTX)
            .fingerprint(SITE_A)
            .bytes(channelKey)
            .bytes(SampleRound.maskKeyOfA().publicKey())
            .hash(context.hash("bcommit-a"))
            .hash(context.hash("kcommit-a"))
            .toByteArray();
    assertThat(message).hasSize(Integer.parseInt(sample.text("message-size")));
    assertThat(SigningKey.fromSeed(run(0xc0, 32)).sign(message))
        .isEqualTo(sample.bytes("signature-a"));
  }

  @ParameterizedTest
  @MethodSource("rfc8032")
  void verify_anyByteFlipped_refuses(Vector vector) {
    byte[] message = vector.array("message");
    Bytes key = vector.bytes("public");
    Bytes signature = vector.bytes("signature");
    for (int i = 0; i < signature.size(); i++) {
      assertThat(SignatureVerifier.verify(key, message, flip(signature, i))).isFalse();
    }
    for (int i = 0; i < key.size(); i++) {
      assertThat(SignatureVerifier.verify(flip(key, i), message, signature)).isFalse();
    }
    for (int i = 0; i < message.length; i++) {
      byte[] altered = message.clone();
      altered[i] ^= 1;
      assertThat(SignatureVerifier.verify(key, altered, signature)).isFalse();
    }
    assertThat(SignatureVerifier.verify(key, Arrays.copyOf(message, message.length + 1), signature))
        .isFalse();
  }

  @Test
  void verify_wrongSizes_refuses() {
    SigningKey key = SigningKey.fromSeed(run(1, 32));
    Bytes signature = key.sign(new byte[1]);
    Bytes longer = Bytes.of(Arrays.copyOf(signature.toByteArray(), 65));
    assertThat(SignatureVerifier.verify(key.publicKey(), new byte[1], longer)).isFalse();
    assertThat(SignatureVerifier.verify(key.publicKey(), new byte[1], Bytes.of())).isFalse();
    assertThat(SignatureVerifier.verify(Bytes.of(), new byte[1], signature)).isFalse();
  }

  /**
   * RFC 8032, section 5.1.7: S must be below the group order, or one message has two signatures.
   */
  @Test
  void verify_sPlusGroupOrder_refuses() {
    Vector vector = rfc8032().getFirst();
    byte[] signature = vector.array("signature");
    byte[] order =
        Bytes.fromHex("edd3f55c1a631258d69cf7a2def9de14" + "0".repeat(30) + "10").toByteArray();
    int carry = 0;
    for (int i = 0; i < 32; i++) {
      int sum = (signature[32 + i] & 0xff) + (order[i] & 0xff) + carry;
      signature[32 + i] = (byte) sum;
      carry = sum >>> 8;
    }
    assertThat(
            SignatureVerifier.verify(
                vector.bytes("public"), vector.array("message"), Bytes.of(signature)))
        .isFalse();
  }

  @Test
  void fromSeed_wrongSizeOrErased_isRefused() {
    assertThatThrownBy(() -> SigningKey.fromSeed(run(0, 31)))
        .isInstanceOf(IllegalArgumentException.class);
    SecretBytes seed = run(0, 32);
    seed.erase();
    assertThatThrownBy(() -> SigningKey.fromSeed(seed)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fingerprint_platformKey_isHashOfItsDerEncoding() throws GeneralSecurityException {
    PublicKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    byte[] der = key.getEncoded();
    Bytes raw = Bytes.of(Arrays.copyOfRange(der, der.length - 32, der.length));
    assertThat(Fingerprints.of(raw))
        .isEqualTo(Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(der)));
    assertThatThrownBy(() -> Fingerprints.of(Bytes.of(der)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fingerprint_ownKey_isThatOfItsPublicKey() {
    SigningKey key = SigningKey.fromSeed(run(0, 32));
    assertThat(key.fingerprint()).isEqualTo(Fingerprints.of(key.publicKey()));
    assertThat(key).hasToString("Ed25519 key " + key.fingerprint().toHex());
  }

  private static Bytes flip(Bytes bytes, int index) {
    byte[] altered = bytes.toByteArray();
    altered[index] ^= 1;
    return Bytes.of(altered);
  }
}
