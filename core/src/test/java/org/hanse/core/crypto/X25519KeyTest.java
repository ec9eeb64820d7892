package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class X25519KeyTest {
  static List<Vector> rfc7748() {
    return VectorFile.read("x25519.txt");
  }

  static List<Vector> smallOrder() {
    return VectorFile.read("x25519-small-order.txt");
  }

  @ParameterizedTest
  @MethodSource("rfc7748")
  void agree_rfcVector_givesItsOutput(Vector vector) {
    X25519Key key = X25519Key.fromSecret(vector.secret("scalar"));
    assertThat(key.agree(vector.bytes("point"))).isEqualTo(vector.secret("output"));
    if (vector.values().containsKey("public")) {
      assertThat(key.publicKey()).isEqualTo(vector.bytes("public"));
    }
  }

  /** RFC 7748, section 5.2, the iterated test. */
  @Test
  void agree_iteratedThousandTimes_givesTheRfcsValue() {
    SecretBytes k = SecretBytes.adopt(ninthPoint());
    Bytes u = Bytes.of(ninthPoint());
    for (int i = 0; i < 1000; i++) {
      SecretBytes next = X25519Key.fromSecret(k).agree(u);
      u = Bytes.of(k.toByteArray());
      k = next;
    }
    assertThat(Bytes.of(k.toByteArray()).toHex())
        .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  }

  @ParameterizedTest
  @MethodSource("smallOrder")
  void agree_pointOfSmallOrder_fails(Vector vector) {
    X25519Key key = X25519Key.fromSecret(SampleRound.run(1, 32));
    assertThatThrownBy(() -> key.agree(vector.bytes("point"))).isInstanceOf(CryptoException.class);
  }

  @ParameterizedTest
  @MethodSource("smallOrder")
  void isOfSmallOrder_pointOfSmallOrder_is(Vector vector) {
    assertThat(X25519Key.isOfSmallOrder(vector.bytes("point"))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("rfc7748")
  void isOfSmallOrder_pointOfRfcVector_isNot(Vector vector) {
    assertThat(X25519Key.isOfSmallOrder(vector.bytes("point"))).isFalse();
  }

  @Test
  void agree_oneByteOfPeerKeyFlipped_givesAnotherSecret() {
    X25519Key key = SampleRound.maskKeyOfA();
    byte[] peer = SampleRound.maskKeyOfB().publicKey().toByteArray();
    SecretBytes shared = key.agree(Bytes.of(peer));
    peer[5] ^= 1;
    assertThat(key.agree(Bytes.of(peer))).isNotEqualTo(shared);
  }

  @Test
  void fromSecret_unclampedBytes_clampsAndCopies() {
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) 0xff);
    X25519Key key = X25519Key.fromSecret(SecretBytes.adopt(secret));
    byte[] scalar = key.scalar().toByteArray();
    assertThat(scalar[0]).isEqualTo((byte) 0xf8);
    assertThat(scalar[31]).isEqualTo((byte) 0x7f);
    assertThat(secret).containsOnly(0xff);
    key.erase();
    assertThatThrownBy(() -> key.agree(SampleRound.maskKeyOfA().publicKey()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fromSecretAndAgree_wrongSizes_areRefused() {
    assertThatThrownBy(() -> X25519Key.fromSecret(SampleRound.run(1, 31)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SampleRound.maskKeyOfA().agree(Bytes.of(new byte[31])))
        .isInstanceOf(CryptoException.class);
  }

  @Test
  void canonical_aroundThePrime_acceptsBelowOnly() {
    assertThat(X25519Key.canonical(SampleRound.maskKeyOfA().publicKey())).isTrue();
    assertThat(X25519Key.canonical(nearPrime(0xec, 0x7f))).isTrue();
    assertThat(X25519Key.canonical(nearPrime(0xed, 0x7f))).isFalse();
    assertThat(X25519Key.canonical(nearPrime(0xff, 0x7f))).isFalse();
    assertThat(X25519Key.canonical(nearPrime(0x00, 0x80))).isFalse();
    assertThat(X25519Key.canonical(nearPrime(0xff, 0xff))).isFalse();
    assertThat(X25519Key.canonical(Bytes.of(new byte[33]))).isFalse();
    assertThat(X25519Key.canonical(Bytes.of(new byte[31]))).isFalse();
    assertThat(X25519Key.canonical(Bytes.of(new byte[32]))).isTrue();
  }

  @Test
  void toString_showsThePublicKeyOnly() {
    X25519Key key = SampleRound.maskKeyOfA();
    assertThat(key.toString())
        .contains(key.publicKey().toHex())
        .doesNotContain(Bytes.of(key.scalar().toByteArray()).toHex());
  }

  private static Bytes nearPrime(int first, int last) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) 0xff);
    bytes[0] = (byte) first;
    bytes[31] = (byte) last;
    return Bytes.of(bytes);
  }

  private static byte[] ninthPoint() {
    byte[] point = new byte[32];
    point[0] = 9;
    return point;
  }
}
