package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.testing.SampleRound;
import org.junit.jupiter.api.Test;

final class AgreementKeyTest {
  private static final SecretBytes COINS = SampleRound.run(50, 32);

  private final AgreementKey sender = hybrid(1);
  private final AgreementKey receiver = hybrid(2);

  @Test
  void agreeFrom_whatAgreeToSent_givesBothSecretsInARow() {
    AgreementKey.Agreed sent = sender.agreeTo(receiver.publicKey(), COINS);
    AgreementKey.Agreed taken = receiver.agreeFrom(sender.publicKey(), sent.ciphertext());
    assertThat(taken).isEqualTo(sent);
    assertThat(sent.secret().size()).isEqualTo(64);
    assertThat(sent.secret().slice(0, 32))
        .isEqualTo(x25519(1).agree(receiver.publicKey().x25519()));
    assertThat(sent.secret().slice(32, 64))
        .isEqualTo(
            MlKemKey.encapsulate(receiver.publicKey().mlKem().orElseThrow(), COINS).secret());
  }

  @Test
  void agree_withoutMlKem_isX25519AndCarriesNothing() {
    AgreementKey a = classical(1);
    AgreementKey b = classical(2);
    AgreementKey.Agreed sent = a.agreeTo(b.publicKey(), COINS);
    assertThat(sent.secret()).isEqualTo(x25519(1).agree(b.publicKey().x25519()));
    assertThat(sent.ciphertext()).isEmpty();
    assertThat(b.agreeFrom(a.publicKey(), Optional.empty())).isEqualTo(sent);
  }

  @Test
  void agreeFrom_ciphertextMissingUnexpectedOrChanged_fails() {
    Bytes sent = sender.agreeTo(receiver.publicKey(), COINS).ciphertext().orElseThrow();
    byte[] changed = sent.toByteArray();
    changed[0] ^= 1;
    assertFails(receiver, Optional.empty());
    assertFails(receiver, Optional.of(Bytes.of(changed)));
    assertFails(classical(2), Optional.of(sent));
  }

  @Test
  void agree_keyOfSmallOrder_fails() {
    AgreementPublicKey zero =
        new AgreementPublicKey(Bytes.of(new byte[32]), receiver.publicKey().mlKem());
    assertThatThrownBy(() -> sender.agreeTo(zero, COINS)).isInstanceOf(CryptoException.class);
    Optional<Bytes> sent = sender.agreeTo(receiver.publicKey(), COINS).ciphertext();
    assertThatThrownBy(() -> receiver.agreeFrom(zero, sent)).isInstanceOf(CryptoException.class);
  }

  @Test
  void ciphertextHash_isThatOfWhatWasSent() {
    AgreementKey.Agreed sent = sender.agreeTo(receiver.publicKey(), COINS);
    byte[] content = sent.ciphertext().orElseThrow().toByteArray();
    assertThat(sent.ciphertextHash()).contains(LabelledHash.sha256(content));
    AgreementKey.Agreed plain = classical(1).agreeTo(classical(2).publicKey(), COINS);
    assertThat(plain.ciphertextHash()).isEmpty();
  }

  @Test
  void isUsable_keysOfTheSuite_are() {
    assertThat(sender.publicKey().isUsable(/* hybrid= */ true)).isTrue();
    assertThat(classical(1).publicKey().isUsable(/* hybrid= */ false)).isTrue();
  }

  @Test
  void isUsable_keysOfTheOtherSuiteOrBrokenOnes_areNot() {
    AgreementPublicKey good = sender.publicKey();
    byte[] highBit = good.x25519().toByteArray();
    highBit[31] |= (byte) 0x80;
    assertThat(good.isUsable(/* hybrid= */ false)).isFalse();
    assertThat(classical(1).publicKey().isUsable(/* hybrid= */ true)).isFalse();
    assertThat(new AgreementPublicKey(Bytes.of(highBit), good.mlKem()).isUsable(true)).isFalse();
    assertThat(new AgreementPublicKey(Bytes.of(new byte[32]), good.mlKem()).isUsable(true))
        .isFalse();
    assertThat(
            new AgreementPublicKey(good.x25519(), Optional.of(Bytes.of(new byte[1183])))
                .isUsable(true))
        .isFalse();
  }

  @Test
  void appendTo_ofAPublicKey_appendsEveryPart() {
    AgreementPublicKey key = sender.publicKey();
    assertThat(key.appendTo(new Fields()).toByteArray())
        .isEqualTo(new Fields().bytes(key.x25519()).bytes(key.mlKem().orElseThrow()).toByteArray());
    assertThat(key.parts()).containsExactly(key.x25519(), key.mlKem().orElseThrow());
  }

  @Test
  void erase_bothHalvesAreGone() {
    Optional<Bytes> sent = sender.agreeTo(receiver.publicKey(), COINS).ciphertext();
    MlKemKey kem = mlKem(2);
    X25519Key classical = x25519(2);
    AgreementKey key = new AgreementKey(classical, Optional.of(kem));
    key.erase();
    assertThat(classical.scalar().isErased()).isTrue();
    assertThatThrownBy(() -> kem.decapsulate(sent.orElseThrow()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void eraseOfAgreed_leavesTheCiphertextAndBothKeys() {
    AgreementKey.Agreed sent = sender.agreeTo(receiver.publicKey(), COINS);
    AgreementKey.Agreed taken = receiver.agreeFrom(sender.publicKey(), sent.ciphertext());
    sent.erase();
    assertThat(sent.secret().isErased()).isTrue();
    assertThat(receiver.agreeFrom(sender.publicKey(), sent.ciphertext())).isEqualTo(taken);
    assertThat(sender.agreeTo(receiver.publicKey(), COINS)).isEqualTo(taken);
  }

  @Test
  void toString_namesThePublicKeyAlone() {
    assertThat(sender.toString()).isEqualTo("agreement key " + sender.publicKey().x25519());
  }

  private void assertFails(AgreementKey key, Optional<Bytes> ciphertext) {
    assertThatThrownBy(() -> key.agreeFrom(sender.publicKey(), ciphertext))
        .isInstanceOf(CryptoException.class);
  }

  private static AgreementKey hybrid(int start) {
    return new AgreementKey(x25519(start), Optional.of(mlKem(start)));
  }

  private static AgreementKey classical(int start) {
    return new AgreementKey(x25519(start), Optional.empty());
  }

  private static X25519Key x25519(int start) {
    return X25519Key.fromSecret(SampleRound.run(start, 32));
  }

  private static MlKemKey mlKem(int start) {
    return MlKemKey.fromSeeds(SampleRound.run(start + 20, 32), SampleRound.run(start + 40, 32));
  }
}
