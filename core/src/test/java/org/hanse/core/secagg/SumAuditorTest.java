package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.coordinator.TranscriptVerifier;
import org.hanse.core.secagg.coordinator.TranscriptVerifier.CheckedRound;
import org.hanse.core.secagg.coordinator.TranscriptVerifier.Finding;
import org.hanse.core.secagg.mask.SumAuditor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A vector of two chunks, five sites of whom one dropped out after it dealt its shares. */
class SumAuditorTest {
  private static ProtocolFederation federation;
  private static SumAuditor auditor;

  @BeforeAll
  static void run() {
    TestConsortium consortium = TestConsortium.of(TestConsortium.Shape.of(5, 1).large());
    federation = new ProtocolFederation(consortium, 3).dropping(2, Dropout.AFTER_SHARES);
    federation.run();
    auditor = auditor();
  }

  private static SumAuditor auditor() {
    CheckedRound round =
        ((Finding.Sound)
                new TranscriptVerifier(federation.consortium.manifest(), TestConsortium.PLAN_HASH)
                    .verify(federation.state.transcript().orElseThrow()))
            .round();
    return new SumAuditor(round.context(), round.survivors(), round.unmasker());
  }

  @Test
  void confirms_honestSum_inEveryChunk() {
    assertThat(federation.sum.chunking().chunkCount()).isEqualTo(2);
    for (long chunk = 0; chunk < 2; chunk++) {
      assertThat(added(chunk).confirms(federation.sum.read(chunk))).isTrue();
    }
  }

  @Test
  void confirms_oneCoordinateAltered_false() {
    int[] altered = federation.sum.read(1);
    altered[altered.length - 1]++;

    assertThat(added(1).confirms(altered)).isFalse();
  }

  @Test
  void confirms_anotherChunkOfTheSum_false() {
    assertThat(added(1).confirms(federation.sum.read(0))).isFalse();
  }

  @Test
  void add_alteredUpload_refused() {
    byte[] altered = upload(auditor.survivors().getFirst(), 0);
    altered[17] ^= 4;

    assertThat(auditor.begin(0).add(altered, path(auditor.survivors().getFirst(), 0))).isFalse();
  }

  @Test
  void add_anotherSitesUpload_refused() {
    Fingerprint other = auditor.survivors().get(1);

    assertThat(auditor.begin(0).add(upload(other, 0), path(other, 0))).isFalse();
  }

  @Test
  void add_missingOrForeignSibling_refused() {
    Fingerprint first = auditor.survivors().getFirst();
    Hash foreign = TestConsortium.hash("sibling");

    assertThat(auditor.begin(0).add(upload(first, 0), List.of())).isFalse();
    assertThat(auditor.begin(0).add(upload(first, 0), List.of(foreign))).isFalse();
    assertThat(auditor.begin(1).add(upload(first, 0), path(first, 0))).isFalse();
  }

  @Test
  void add_cutUpload_refused() {
    assertThat(auditor.begin(0).add(new byte[4], path(auditor.survivors().getFirst(), 0)))
        .isFalse();
  }

  @Test
  void confirms_beforeAllWereAdded_throws() {
    SumAuditor.ChunkAudit audit = auditor.begin(0);

    assertThatThrownBy(() -> audit.confirms(new int[1])).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void add_afterAllWereAdded_throws() {
    SumAuditor.ChunkAudit audit = added(0);

    assertThatThrownBy(() -> audit.add(new byte[4], List.of()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void erase_always_noSecretLeft() {
    SumAuditor own = auditor();
    assertThat(Secrets.in(own)).isNotEmpty();

    own.erase();

    assertThat(Secrets.in(own)).isEmpty();
  }

  private static SumAuditor.ChunkAudit added(long chunk) {
    SumAuditor.ChunkAudit audit = auditor.begin(chunk);
    for (Fingerprint site : auditor.survivors()) {
      assertThat(audit.add(upload(site, chunk), path(site, chunk))).isTrue();
    }
    return audit;
  }

  private static byte[] upload(Fingerprint site, long chunk) {
    return federation.readSpool(site, chunk).clone();
  }

  private static List<Hash> path(Fingerprint site, long chunk) {
    ChunkTree tree = ChunkTree.ofUpload(federation.state.context(), site);
    List<Hash> leaves = new ArrayList<>();
    for (long i = 0; i < 2; i++) {
      leaves.add(tree.leaf(i, upload(site, i)));
    }
    return MerkleTree.proofs(leaves).get((int) chunk);
  }
}
