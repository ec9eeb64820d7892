package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hanse.core.testing.SampleRound.MODEL;
import static org.hanse.core.testing.SampleRound.PLAN;
import static org.hanse.core.testing.SampleRound.SITE_A;
import static org.hanse.core.testing.SampleRound.SITE_B;
import static org.hanse.core.testing.SampleRound.run;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SealedBox;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.mask.MaskSecret;
import org.hanse.core.testing.VectorFile;
import org.junit.jupiter.api.Test;

/** The sample round of two sites under the hybrid suite. */
class HybridVectorTest {
  private static final VectorFile.Vector VECTOR = VectorFile.read("flsa1-hybrid.txt", "hybrid");
  private static final Hash CTX = VECTOR.hash("ctx");
  private static final Bytes NONCE = Bytes.of(run(0, 12).toByteArray());

  private final MaskSecret maskOfA = MaskSecret.of(Suite.FLSA1_HYBRID, CTX, run(0x10, 32));
  private final MaskSecret maskOfB = MaskSecret.of(Suite.FLSA1_HYBRID, CTX, run(0x30, 32));
  private final AgreementKey channelOfA = channelKey(0x80, 0x50, 0x70);
  private final AgreementKey channelOfB = channelKey(0xa0, 0x90, 0xb0);
  private final FromSite.Advertisement adOfA =
      ad(SITE_A, channelOfA, maskOfA, run(0x00, 32), run(0x20, 32));
  private final FromSite.Advertisement adOfB =
      ad(SITE_B, channelOfB, maskOfB, run(0x60, 32), run(0x40, 32));

  @Test
  void contexts_ofTheHybridSuite_matchVectors() {
    RoundId round = new RoundId(new JobId("job-0001"), 7);
    List<Fingerprint> roster = List.of(SITE_A, SITE_B);
    assertThat(Contexts.attempt(Suite.FLSA1_HYBRID, new AttemptId(round, 0), MODEL, PLAN, roster))
        .isEqualTo(CTX);
    assertThat(Contexts.round(Suite.FLSA1_HYBRID, round, MODEL, PLAN))
        .isEqualTo(VECTOR.hash("ectx"));
  }

  @Test
  void keys_followFromTheMaskSecrets() {
    assertThat(maskOfA.publicKey().x25519()).isEqualTo(VECTOR.bytes("mask-key-a"));
    assertThat(X25519Key.fromSecret(VECTOR.secret("scalar-a")).publicKey())
        .isEqualTo(VECTOR.bytes("mask-key-a"));
    assertThat(sha256(maskOfA.publicKey().mlKem())).isEqualTo(VECTOR.hash("mask-kem-key-a-sha256"));
    assertThat(maskOfB.publicKey().x25519()).isEqualTo(VECTOR.bytes("mask-key-b"));
    assertThat(sha256(maskOfB.publicKey().mlKem())).isEqualTo(VECTOR.hash("mask-kem-key-b-sha256"));
    assertThat(sha256(channelOfA.publicKey().mlKem()))
        .isEqualTo(VECTOR.hash("channel-kem-key-a-sha256"));
  }

  @Test
  void mask_ofBothSites_isThatOfTheVectorsKey() {
    Optional<Bytes> sent = maskOfA.encapsulationFor(adOfB);
    assertThat(sha256(sent)).isEqualTo(VECTOR.hash("ciphertext-sha256"));
    int[] expected = new int[8];
    new MaskStream(segment -> VECTOR.secret("pair-key")).add(expected, 0);
    int[] ofA = new int[8];
    int[] ofB = new int[8];
    maskOfA.seedWithHigher(adOfA, adOfB).vectorLane().add(ofA, 0);
    maskOfB.seedWithLower(adOfA, adOfB, sent).vectorLane().add(ofB, 0);
    assertThat(ofA).isEqualTo(expected);
    assertThat(ofB).isEqualTo(expected);
  }

  @Test
  void box_isSealedUnderTheVectorsKey() {
    AgreementKey.Agreed agreed = channelOfA.agreeTo(channelOfB.publicKey(), run(0xd0, 32));
    assertThat(sha256(agreed.ciphertext())).isEqualTo(VECTOR.hash("channel-ciphertext-sha256"));
    ShareBox box = new ShareBox(run(1, 32), run(2, 32), run(0x20, 32));
    FromSite.ShareEntry entry =
        box.seal(new ShareBox.Route(CTX, SITE_A, SITE_B), agreed, NONCE, Optional.empty());
    SecretBytes plaintext = SecretBytes.concatenate(List.of(run(1, 32), run(2, 32), run(0x20, 32)));
    byte[] associated =
        new Fields().hash(CTX).fingerprint(SITE_A).fingerprint(SITE_B).toByteArray();
    assertThat(entry.ciphertext())
        .isEqualTo(SealedBox.seal(VECTOR.secret("box-key"), NONCE, associated, plaintext));
  }

  @Test
  void sets_entriesAndSignedContent_matchVectors() {
    assertThat(KeySet.of(List.of(adOfA, adOfB)).hash()).isEqualTo(VECTOR.hash("u1-hash"));
    assertThat(LabelledHash.sha256(SignedContent.of(adOfA).message(CTX, SITE_A)))
        .isEqualTo(VECTOR.hash("ad-message-sha256"));
    Optional<Bytes> channel =
        channelOfA.agreeTo(channelOfB.publicKey(), run(0xd0, 32)).ciphertext();
    assertThat(
            Commitments.entryLeaf(
                CTX, SITE_A, 0, entry(SITE_B, channel, maskOfA.encapsulationFor(adOfB))))
        .isEqualTo(VECTOR.hash("entry-leaf-a"));
    assertThat(Commitments.entryLeaf(CTX, SITE_B, 0, entry(SITE_A, channel, Optional.empty())))
        .isEqualTo(VECTOR.hash("entry-leaf-b"));
  }

  private static FromSite.ShareEntry entry(
      Fingerprint to, Optional<Bytes> channel, Optional<Bytes> mask) {
    byte[] box = new byte[112];
    Arrays.fill(box, (byte) 7);
    return new FromSite.ShareEntry(
        to,
        NONCE,
        Bytes.of(box),
        TestConsortium.hash("b"),
        TestConsortium.hash("s"),
        channel,
        mask);
  }

  private static FromSite.Advertisement ad(
      Fingerprint site,
      AgreementKey channel,
      MaskSecret mask,
      SecretBytes selfMask,
      SecretBytes tagKey) {
    return new FromSite.Advertisement(
        site,
        channel.publicKey(),
        mask.publicKey(),
        Commitments.selfMask(CTX, site, selfMask),
        Commitments.tagKey(CTX, site, tagKey),
        Bytes.of());
  }

  private static AgreementKey channelKey(int scalar, int d, int z) {
    return AgreementKey.hybrid(run(scalar, 32), run(d, 32), run(z, 32));
  }

  private static Hash sha256(Optional<Bytes> content) {
    return LabelledHash.sha256(content.orElseThrow().toByteArray());
  }
}
