package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hanse.core.testing.SampleRound.CTX;
import static org.hanse.core.testing.SampleRound.MODEL;
import static org.hanse.core.testing.SampleRound.PLAN;
import static org.hanse.core.testing.SampleRound.SITE_A;
import static org.hanse.core.testing.SampleRound.SITE_B;
import static org.hanse.core.testing.SampleRound.maskKeyOfA;
import static org.hanse.core.testing.SampleRound.maskKeyOfB;
import static org.hanse.core.testing.SampleRound.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.IntVector;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.UploadBytes;
import org.hanse.core.secagg.mask.MaskSeed;
import org.hanse.core.secagg.mask.MaskSet;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.Test;

/** The specification's sample round of two sites, message by message. */
class ProtocolVectorTest {
  private static final RoundId ROUND = new RoundId(new JobId("job-0001"), 7);
  private static final SigningKey SIGNING_KEY_A = SigningKey.fromSeed(run(0xc0, 32));
  private static final X25519Key CHANNEL_KEY_A = X25519Key.fromSecret(run(0x80, 32));
  private static final X25519Key CHANNEL_KEY_B = X25519Key.fromSecret(run(0xa0, 32));
  private static final SecretBytes SELF_MASK_A = run(0x00, 32);
  private static final SecretBytes SELF_MASK_B = run(0x60, 32);
  private static final VectorFile.Vector CONTEXT = vector("context");
  private static final VectorFile.Vector TRANSCRIPT =
      VectorFile.read("flsa1-transcript.txt", "transcript");

  @Test
  void contexts_sampleRound_matchVectors() {
    List<Fingerprint> roster = List.of(SITE_A, SITE_B);

    assertThat(Contexts.rosterHash(roster)).isEqualTo(CONTEXT.hash("roster-hash"));
    assertThat(Contexts.attempt(Suite.FLSA1, new AttemptId(ROUND, 0), MODEL, PLAN, roster))
        .isEqualTo(CONTEXT.hash("ctx"))
        .isEqualTo(CTX);
    assertThat(Contexts.round(Suite.FLSA1, ROUND, MODEL, PLAN)).isEqualTo(CONTEXT.hash("ectx"));
  }

  @Test
  void commitments_sampleRound_matchVectors() {
    assertThat(Commitments.selfMask(CTX, SITE_A, SELF_MASK_A)).isEqualTo(CONTEXT.hash("bcommit-a"));
    assertThat(Commitments.tagKey(CTX, SITE_A, tagKeyPartA())).isEqualTo(CONTEXT.hash("kcommit-a"));
  }

  @Test
  void advertisement_ofA_matchesVector() {
    VectorFile.Vector signature = vector("signature");
    byte[] message = SignedContent.of(adOfA()).message(CTX, SITE_A);

    assertThat(CHANNEL_KEY_A.publicKey()).isEqualTo(TRANSCRIPT.bytes("channel-key-a"));
    assertThat(message).hasSize(Integer.parseInt(signature.text("message-size")));
    assertThat(SIGNING_KEY_A.sign(message)).isEqualTo(signature.bytes("signature-a"));
  }

  @Test
  void sets_sampleRound_matchVectors() {
    assertThat(keys().hash()).isEqualTo(CONTEXT.hash("u1-hash"));
    assertThat(dealers().hash()).isEqualTo(CONTEXT.hash("u2-hash"));
    assertThat(survivors().hash()).isEqualTo(TRANSCRIPT.hash("u3-hash"));
  }

  @Test
  void box_fromAToB_matchesVector() {
    VectorFile.Vector vector = vector("box");
    FromSite.ShareEntry entry = boxOfA();
    byte[] ciphertext = entry.ciphertext().toByteArray();

    assertThat(LabelledHash.sha256(ciphertext)).isEqualTo(vector.hash("ciphertext-sha256"));
    assertThat(HexFormat.of().formatHex(ciphertext)).endsWith(vector.text("ciphertext-tail"));
    assertThat(entry.selfShareHash()).isEqualTo(vector.hash("share-hash-b"));
    assertThat(MerkleTree.root(Commitments.entryLeaves(CTX, SITE_A, List.of(entry))))
        .isEqualTo(vector.hash("entry-root-a"));
  }

  @Test
  void masks_sampleRound_matchVectors() {
    VectorFile.Vector vector = vector("masks");
    int[] pair = new int[4];
    int[] self = new int[4];
    pairSeed().vectorLane().add(pair, 0);
    MaskSeed.self(CTX, SITE_A, SELF_MASK_A).vectorLane().add(self, 0);

    assertThat(pair).isEqualTo(vector.ints("pair-ints"));
    assertThat(self).isEqualTo(vector.ints("self-ints"));
    VectorFile.Vector tag = vector("tag");
    assertThat(new long[] {pairSeed().tagWord(0), pairSeed().tagWord(1)})
        .isEqualTo(tag.longs("pair-words"));
    MaskSeed selfSeed = MaskSeed.self(CTX, SITE_A, SELF_MASK_A);
    assertThat(new long[] {selfSeed.tagWord(0), selfSeed.tagWord(1)})
        .isEqualTo(tag.longs("self-words"));
  }

  @Test
  void tagKey_sampleRound_matchesVectors() {
    VectorFile.Vector vector = vector("tag");
    TagKey key = tagKey();

    assertThat(key.confirmation()).isEqualTo(TRANSCRIPT.hash("key-confirmation"));
    for (int tag = 0; tag < TagKey.TAGS; tag++) {
      long[] words = new long[2];
      key.words(tag).words61(0, words);
      assertThat(words).isEqualTo(vector.longs("r-" + tag));
      assertThat(key.pad(SITE_A, tag)).isEqualTo(vector.longs("pad-a")[tag]);
    }
  }

  @Test
  void upload_ofA_matchesVector() {
    List<byte[]> chunks = new ArrayList<>();
    SiteInput.UploadSummary summary = uploadOfA(chunks);
    VectorFile.Vector masks = vector("masks");

    StringBuilder bytes = new StringBuilder();
    chunks.forEach(chunk -> bytes.append(HexFormat.of().formatHex(chunk)));
    assertThat(bytes.toString()).isEqualTo(masks.text("masked-bytes"));
    assertThat(chunks.stream().map(chunk -> chunk.length).toList()).containsExactly(8, 8, 4);
    assertThat(ChunkTree.ofUpload(CTX, SITE_A).leaf(0, chunks.get(0)))
        .isEqualTo(masks.hash("leaf-0"));
    assertThat(summary.root()).isEqualTo(masks.hash("root"));
    assertThat(new long[] {summary.tag0(), summary.tag1()}).isEqualTo(vector("tag").longs("tag-a"));
    byte[] message =
        SignedContent.upload(dealers().hash(), 5, summary.root(), summary.tag0(), summary.tag1())
            .message(CTX, SITE_A);
    assertThat(SIGNING_KEY_A.sign(message)).isEqualTo(TRANSCRIPT.bytes("upload-signature-a"));
  }

  @Test
  void statement_sampleRound_matchesVector() {
    Hash statement = Commitments.statement(CTX, survivors(), tagKey().confirmation());

    assertThat(statement).isEqualTo(TRANSCRIPT.hash("statement"));
    assertThat(SIGNING_KEY_A.sign(SignedContent.statement(statement).message(CTX, SITE_A)))
        .isEqualTo(TRANSCRIPT.bytes("statement-signature-a"));
  }

  @Test
  void upload_underTheSuiteWithoutMasks_matchesVector() {
    VectorFile.Vector plain = vector("plain");
    Hash context =
        Contexts.attempt(
            Suite.PLAIN, new AttemptId(ROUND, 0), MODEL, PLAN, List.of(SITE_A, SITE_B));
    assertThat(context).isEqualTo(plain.hash("ctx"));
    MaskSeed pair = MaskSeed.pair(context, agreed(maskKeyOfA(), maskKeyOfB()), adOfA(), adOfB());
    MaskSet masks =
        new MaskSet(
            Suite.PLAIN, List.of(MaskSeed.self(context, SITE_A, SELF_MASK_A), pair), List.of());
    TagKey key =
        TagKey.of(context, TestConsortium.hash("U2"), List.of(tagKeyPartA(), tagKeyPartB()));
    int[] vector = vector("tag").ints("vector");
    StringBuilder bytes = new StringBuilder();

    SiteInput.UploadSummary summary =
        new UploadMasker(context, SITE_A, new Chunking(vector.length, 2), masks, key)
            .maskAll(
                new IntVector(vector, 2),
                (chunk, content) -> bytes.append(HexFormat.of().formatHex(content)));

    assertThat(bytes.toString()).isEqualTo(plain.text("upload-bytes"));
    assertThat(summary.root()).isEqualTo(plain.hash("root"));
    assertThat(new long[] {summary.tag0(), summary.tag1()}).isEqualTo(plain.longs("tag-a"));
  }

  @Test
  void upload_inTheNarrowRing_matchesVector() {
    VectorFile.Vector expected = VectorFile.read("flsa1-z16.txt", "masks");
    Hash context =
        Contexts.attempt(
            Suite.FLSA1_Z16, new AttemptId(ROUND, 0), MODEL, PLAN, List.of(SITE_A, SITE_B));
    VectorFile.Vector contexts = VectorFile.read("flsa1-z16.txt", "context");
    assertThat(context).isEqualTo(contexts.hash("ctx"));
    assertThat(Contexts.round(Suite.FLSA1_Z16, ROUND, MODEL, PLAN))
        .isEqualTo(contexts.hash("ectx"));
    MaskSeed pair = MaskSeed.pair(context, agreed(maskKeyOfA(), maskKeyOfB()), adOfA(), adOfB());
    MaskSeed self = MaskSeed.self(context, SITE_A, SELF_MASK_A);
    assertThat(mask(pair, 0, 8)).isEqualTo(expected.ints("pair-ints"));
    assertThat(mask(pair, MaskStream.SEGMENT_WORDS - 1, 2))
        .isEqualTo(expected.ints("pair-ints-across-segments"));
    assertThat(mask(self, 0, 8)).isEqualTo(expected.ints("self-ints"));
    TagKey key =
        TagKey.of(context, TestConsortium.hash("U2"), List.of(tagKeyPartA(), tagKeyPartB()));
    Chunking chunking = new Chunking(5, 2, 2);
    List<byte[]> chunks = new ArrayList<>();

    SiteInput.UploadSummary summary =
        new UploadMasker(
                context,
                SITE_A,
                chunking,
                new MaskSet(Suite.FLSA1_Z16, List.of(self, pair), List.of()),
                key)
            .maskAll(
                new IntVector(expected.ints("vector"), chunking),
                (chunk, content) -> chunks.add(content));

    assertThat(chunks.stream().map(chunk -> chunk.length).toList()).containsExactly(4, 4, 2);
    assertThat(UploadBytes.joined(chunks)).isEqualTo(expected.array("masked-bytes"));
    assertThat(ChunkTree.ofUpload(context, SITE_A).leaf(0, chunks.get(0)))
        .isEqualTo(expected.hash("leaf-0"));
    assertThat(summary.root()).isEqualTo(expected.hash("root"));
    assertThat(new long[] {summary.tag0(), summary.tag1()}).isEqualTo(expected.longs("tag-a"));
  }

  private static int[] mask(MaskSeed seed, long firstElement, int count) {
    int[] elements = new int[count];
    new MaskSet(Suite.FLSA1_Z16, List.of(seed), List.of()).applyTo(elements, firstElement);
    return elements;
  }

  private static SiteInput.UploadSummary uploadOfA(List<byte[]> chunks) {
    int[] vector = vector("tag").ints("vector");
    MaskSet masks =
        new MaskSet(
            Suite.FLSA1, List.of(MaskSeed.self(CTX, SITE_A, SELF_MASK_A), pairSeed()), List.of());
    return new UploadMasker(CTX, SITE_A, new Chunking(vector.length, 2), masks, tagKey())
        .maskAll(new IntVector(vector, 2), (chunk, bytes) -> chunks.add(bytes));
  }

  private static MaskSeed pairSeed() {
    return MaskSeed.pair(CTX, agreed(maskKeyOfA(), maskKeyOfB()), adOfA(), adOfB());
  }

  private static TagKey tagKey() {
    return TagKey.of(CTX, dealers().hash(), List.of(tagKeyPartA(), tagKeyPartB()));
  }

  private static SecretBytes tagKeyPartA() {
    return run(0x20, 32);
  }

  private static SecretBytes tagKeyPartB() {
    return run(0x40, 32);
  }

  private static FromSite.Advertisement adOfA() {
    return ad(SITE_A, CHANNEL_KEY_A, maskKeyOfA(), SELF_MASK_A, tagKeyPartA());
  }

  private static FromSite.Advertisement adOfB() {
    return ad(SITE_B, CHANNEL_KEY_B, maskKeyOfB(), SELF_MASK_B, tagKeyPartB());
  }

  private static FromSite.Advertisement ad(
      Fingerprint site,
      X25519Key channel,
      X25519Key mask,
      SecretBytes selfMask,
      SecretBytes tagKeyPart) {
    return new FromSite.Advertisement(
        site,
        AgreementPublicKey.classical(channel.publicKey()),
        AgreementPublicKey.classical(mask.publicKey()),
        Commitments.selfMask(CTX, site, selfMask),
        Commitments.tagKey(CTX, site, tagKeyPart),
        Bytes.of());
  }

  private static KeySet keys() {
    return KeySet.of(List.of(adOfA(), adOfB()));
  }

  private static FromSite.ShareEntry boxOfA() {
    ShareBox box = new ShareBox(filled(1), filled(2), tagKeyPartA());
    return box.seal(
        new ShareBox.Route(CTX, SITE_A, SITE_B),
        agreed(CHANNEL_KEY_A, CHANNEL_KEY_B),
        vector("box").bytes("nonce"),
        Optional.empty());
  }

  private static AgreementKey.Agreed agreed(X25519Key a, X25519Key b) {
    return new AgreementKey.Agreed(a.agree(b.publicKey()), Optional.empty());
  }

  private static SecretBytes filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.adopt(bytes);
  }

  private static DealerSet dealers() {
    Hash rootOfA = MerkleTree.root(Commitments.entryLeaves(CTX, SITE_A, List.of(boxOfA())));
    return DealerSet.of(
        keys(),
        List.of(
            new ToSite.SharerCommitment(SITE_A, rootOfA, Bytes.of()),
            new ToSite.SharerCommitment(SITE_B, TestConsortium.hash("entryRoot-B"), Bytes.of())));
  }

  private static SurvivorSet survivors() {
    SiteInput.UploadSummary ofA = uploadOfA(new ArrayList<>());
    return SurvivorSet.of(
        dealers(),
        List.of(
            new ToSite.Survivor(SITE_A, ofA.root(), ofA.tag0(), ofA.tag1(), Bytes.of()),
            new ToSite.Survivor(SITE_B, TestConsortium.hash("root-B"), 5, 6, Bytes.of())));
  }

  private static VectorFile.Vector vector(String name) {
    return VectorFile.read("flsa1.txt", name);
  }
}
