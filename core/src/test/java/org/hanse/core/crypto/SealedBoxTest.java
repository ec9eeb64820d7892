package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hanse.core.testing.SampleRound.CTX;
import static org.hanse.core.testing.SampleRound.SITE_A;
import static org.hanse.core.testing.SampleRound.SITE_B;
import static org.hanse.core.testing.SampleRound.run;

import java.util.Arrays;
import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SealedBoxTest {
  private final SecretBytes key = run(1, 32);
  private final Bytes nonce = Bytes.of(new byte[12]);
  private final byte[] data = {1, 2, 3};
  private final Bytes sealed = SealedBox.seal(key, nonce, data, run(50, 40));

  static List<Vector> gcm() {
    return VectorFile.read("aes-256-gcm.txt");
  }

  @ParameterizedTest
  @MethodSource("gcm")
  void seal_publishedVector_givesCiphertextAndTag(Vector vector) {
    Bytes sealed =
        SealedBox.seal(
            vector.secret("key"),
            vector.bytes("nonce"),
            vector.array("aad"),
            vector.secret("plaintext"));
    assertThat(sealed.toHex()).isEqualTo(vector.text("ciphertext") + vector.text("tag"));
    assertThat(
            SealedBox.open(
                vector.secret("key"), vector.bytes("nonce"), vector.array("aad"), sealed))
        .isEqualTo(vector.secret("plaintext"));
  }

  @Test
  void seal_sampleBoxFromAToB_givesItsCiphertextAndTree() {
    Vector box = VectorFile.read("flsa1.txt", "box");
    Vector context = VectorFile.read("flsa1.txt", "context");
    SecretBytes agreed =
        X25519Key.fromSecret(run(0x80, 32)).agree(X25519Key.fromSecret(run(0xa0, 32)).publicKey());
    SecretBytes boxKey =
        KeyDerivation.derive(
            agreed, CTX, "flsa1/box", new Fields().fingerprint(SITE_A).fingerprint(SITE_B));
    assertThat(boxKey).isEqualTo(box.secret("key"));

    byte[] aad = new Fields().hash(CTX).fingerprint(SITE_A).fingerprint(SITE_B).toByteArray();
    assertThat(aad).hasSize(Integer.parseInt(box.text("aad-size")));
    assertThat(LabelledHash.sha256(aad)).isEqualTo(box.hash("aad-sha256"));

    SecretBytes shareB = filled(1);
    SecretBytes shareS = filled(2);
    SecretBytes plaintext = SecretBytes.concatenate(List.of(shareB, shareS, run(0x20, 32)));
    Bytes ciphertext = SealedBox.seal(boxKey, box.bytes("nonce"), aad, plaintext);
    assertThat(ciphertext.size()).isEqualTo(Integer.parseInt(box.text("ciphertext-size")));
    assertThat(ciphertext.toHex())
        .startsWith(box.text("ciphertext-head"))
        .endsWith(box.text("ciphertext-tail"));
    assertThat(LabelledHash.sha256(ciphertext.toByteArray()))
        .isEqualTo(box.hash("ciphertext-sha256"));

    Hash shareHashB = shareHash("b", shareB);
    assertThat(shareHashB).isEqualTo(box.hash("share-hash-b"));
    Hash entry =
        LabelledHash.leaf(
            "flsa1/entry",
            new Fields()
                .hash(CTX)
                .fingerprint(SITE_A)
                .u64(0)
                .fingerprint(SITE_B)
                .bytes(box.bytes("nonce"))
                .bytes(ciphertext)
                .hash(shareHashB)
                .hash(shareHash("s", shareS)));
    assertThat(MerkleTree.root(List.of(entry))).isEqualTo(box.hash("entry-root-a"));
    assertThat(context.hash("ctx")).isEqualTo(CTX);
  }

  @Test
  void open_whatWasSealed_givesItBack() {
    assertThat(SealedBox.open(key, nonce, data, sealed)).isEqualTo(run(50, 40));
  }

  @Test
  void open_anyByteFlipped_fails() {
    for (int i = 0; i < sealed.size(); i++) {
      assertFails(key, nonce, data, flip(sealed, i));
    }
    for (int i = 0; i < nonce.size(); i++) {
      assertFails(key, flip(nonce, i), data, sealed);
    }
    for (int i = 0; i < data.length; i++) {
      assertFails(key, nonce, flip(Bytes.of(data), i).toByteArray(), sealed);
    }
    assertFails(run(2, 32), nonce, data, sealed);
  }

  @Test
  void open_wrongSizes_fails() {
    assertFails(key, nonce, data, Bytes.of(Arrays.copyOf(sealed.toByteArray(), 39)));
    assertFails(key, nonce, data, Bytes.of(new byte[15]));
    assertFails(key, nonce, data, Bytes.of());
    assertFails(key, Bytes.of(new byte[11]), data, sealed);
    assertFails(key, nonce, new byte[0], sealed);
  }

  @Test
  void seal_wrongKeyOrNonceSize_isRefused() {
    assertThatThrownBy(() -> SealedBox.seal(run(1, 16), nonce, data, run(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SealedBox.seal(key, Bytes.of(new byte[16]), data, run(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertFails(SecretBytes key, Bytes nonce, byte[] data, Bytes sealed) {
    assertThatThrownBy(() -> SealedBox.open(key, nonce, data, sealed))
        .isInstanceOf(CryptoException.class)
        .hasMessage("cryptographic operation failed")
        .hasNoCause();
  }

  private static Hash shareHash(String kind, SecretBytes share) {
    return LabelledHash.hash(
        "flsa1/sc",
        new Fields().hash(CTX).fingerprint(SITE_A).fingerprint(SITE_B).text(kind).secret(share));
  }

  private static SecretBytes filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.adopt(bytes);
  }

  private static Bytes flip(Bytes bytes, int index) {
    byte[] altered = bytes.toByteArray();
    altered[index] ^= 1;
    return Bytes.of(altered);
  }
}
