package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hanse.core.testing.SampleRound.CTX;
import static org.hanse.core.testing.SampleRound.ECTX;
import static org.hanse.core.testing.SampleRound.ROSTER;
import static org.hanse.core.testing.SampleRound.SITE_A;
import static org.hanse.core.testing.SampleRound.SITE_B;
import static org.hanse.core.testing.SampleRound.run;

import java.nio.charset.StandardCharsets;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;

final class LabelledHashTest {
  private final Vector context = VectorFile.read("flsa1.txt", "context");

  @Test
  void hash_sampleRound_givesItsContexts() {
    assertThat(ROSTER).isEqualTo(context.hash("roster-hash"));
    assertThat(CTX).isEqualTo(context.hash("ctx"));
    assertThat(ECTX).isEqualTo(context.hash("ectx"));
  }

  @Test
  void hash_sampleSecrets_giveTheirCommitments() {
    assertThat(commitment("flsa1/bcommit", run(0x00, 32))).isEqualTo(context.hash("bcommit-a"));
    assertThat(commitment("flsa1/kcommit", run(0x20, 32))).isEqualTo(context.hash("kcommit-a"));
  }

  @Test
  void hash_sampleSets_giveU1AndU2() {
    Hash u1 = u1Hash();
    assertThat(u1).isEqualTo(context.hash("u1-hash"));
    Hash entryRootB = LabelledHash.sha256("entryRoot-B".getBytes(StandardCharsets.UTF_8));
    assertThat(
            LabelledHash.hash(
                "flsa1/u2",
                new Fields()
                    .hash(u1)
                    .fingerprint(SITE_A)
                    .hash(VectorFile.read("flsa1.txt", "box").hash("entry-root-a"))
                    .fingerprint(SITE_B)
                    .hash(entryRootB)))
        .isEqualTo(context.hash("u2-hash"));
  }

  @Test
  void hash_fieldsCutElsewhere_differs() {
    assertThat(LabelledHash.hash("l", new Fields().text("ab").text("c")))
        .isNotEqualTo(LabelledHash.hash("l", new Fields().text("a").text("bc")));
  }

  @Test
  void leaf_sameLabelAndFields_differsFromHash() {
    Fields fields = new Fields().text("a");
    assertThat(LabelledHash.leaf("l", fields)).isNotEqualTo(LabelledHash.hash("l", fields));
    assertThat(LabelledHash.leaf("l", fields)).isNotEqualTo(LabelledHash.leaf("m", fields));
  }

  private static Hash commitment(String label, SecretBytes secret) {
    return LabelledHash.hash(label, new Fields().hash(CTX).fingerprint(SITE_A).secret(secret));
  }

  private Hash u1Hash() {
    Fields rows = new Fields();
    rows.fingerprint(SITE_A)
        .bytes(channelKey(0x80))
        .bytes(SampleRound.maskKeyOfA().publicKey())
        .hash(context.hash("bcommit-a"))
        .hash(context.hash("kcommit-a"));
    rows.fingerprint(SITE_B)
        .bytes(channelKey(0xa0))
        .bytes(SampleRound.maskKeyOfB().publicKey())
        .hash(ofB("flsa1/bcommit", 0x60))
        .hash(ofB("flsa1/kcommit", 0x40));
    return LabelledHash.hash("flsa1/u1", rows);
  }

  private static Hash ofB(String label, int firstByte) {
    return LabelledHash.hash(
        label, new Fields().hash(CTX).fingerprint(SITE_B).secret(run(firstByte, 32)));
  }

  private static Bytes channelKey(int firstByte) {
    return X25519Key.fromSecret(run(firstByte, 32)).publicKey();
  }
}
