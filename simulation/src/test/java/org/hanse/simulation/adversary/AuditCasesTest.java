package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.hanse.simulation.adversary.TestConsortium.Shape;
import org.junit.jupiter.api.Test;

/** Site 0 recomputes chunks of the sum: two chunks, five sites, one of them a dropout. */
class AuditCasesTest {
  private static final int AUDITING = 0;

  private Federation federation =
      new Federation(TestConsortium.of(new Shape(5, 1).large()), 1).drop(2, Dropout.AFTER_SHARES);
  private final List<Boolean> findings = new ArrayList<>();

  @Test
  void case27_honestChunksAndProofs_confirmTheSum() {
    auditing(auditor -> {
      for (long chunk = 0; chunk < 2; chunk++) {
        findings.add(confirms(auditor, chunk));
      }
    });

    assertThat(findings).containsExactly(true, true);
    assertThat(federation.published()).isTrue();
  }

  @Test
  void case27_chunkThatWasNotSigned_refused() {
    auditing(auditor -> {
      Fingerprint first = auditor.survivors().getFirst();
      byte[] altered = chunk(first, 1).clone();
      altered[0] ^= 1;
      findings.add(auditor.begin(1).add(altered, proof(first, 1)));
      findings.add(auditor.begin(1).add(chunk(first, 0), proof(first, 0)));
      findings.add(auditor.begin(1).add(chunk(auditor.survivors().get(1), 1), proof(first, 1)));
    });

    assertThat(findings).containsExactly(false, false, false);
  }

  @Test
  void case27_proofWrongOrSiblingMissing_refused() {
    auditing(auditor -> {
      Fingerprint first = auditor.survivors().getFirst();
      Hash wrong = Forgery.flipped(proof(first, 0).getFirst());
      findings.add(auditor.begin(0).add(chunk(first, 0), List.of(wrong)));
      findings.add(auditor.begin(0).add(chunk(first, 0), List.of()));
      findings.add(auditor.begin(0).add(chunk(first, 0), Forgery.repeating(proof(first, 0), 0)));
    });

    assertThat(findings).containsExactly(false, false, false);
  }

  @Test
  void case27_oneElementOfOneChunkForged_convictsTheCoordinator() {
    federation.published = sum -> sum.with(sum.size() - 5, sum.get(sum.size() - 5) + 1);
    federation.coordinatorChecksGates = false;
    auditing(auditor -> {
      findings.add(confirms(auditor, 0));
      findings.add(confirms(auditor, 1));
    });

    assertThat(findings).containsExactly(true, false);
  }

  @Test
  void case27_narrowRing_honestChunkConfirmedForgedOneNot() {
    Shape shape = new Shape(5, 1).suite(Suite.FLSA1_Z16).large();
    federation = new Federation(TestConsortium.of(shape), 1).drop(2, Dropout.AFTER_SHARES);
    federation.published = sum -> sum.with(sum.size() - 5, sum.get(sum.size() - 5) + 1);
    federation.coordinatorChecksGates = false;
    auditing(auditor -> {
      findings.add(confirms(auditor, 0));
      findings.add(confirms(auditor, 1));
    });

    assertThat(findings).containsExactly(true, false);
  }

  /** What a dishonest site masks is its own affair: the sum of the uploads is the sum. */
  @Test
  void case26_siteThatMasksSomethingElse_auditClearsTheCoordinator() {
    federation.collude(3);
    federation.site(3).masks = update -> update.times(-1);
    federation.coordinatorChecksGates = false;
    auditing(auditor -> {
      findings.add(confirms(auditor, 0));
      findings.add(confirms(auditor, 1));
    });

    assertThat(findings).containsExactly(true, true);
  }

  /** Another attempt's secrets are no revelation of this one. */
  @Test
  void case27_revelationOfOtherSecrets_refused() {
    Federation other = new Federation(federation.consortium, 2).drop(2, Dropout.AFTER_SHARES).run();
    federation.site(AUDITING).audits =
        verifier -> findings.add(verifier.auditor(other.revelation()).isPresent());

    federation.run();

    assertThat(findings).containsExactly(false);
  }

  private void auditing(Consumer<SumAuditor> audit) {
    federation.site(AUDITING).audits =
        verifier -> {
          SumAuditor auditor = verifier.auditor(federation.revelation()).orElseThrow();
          audit.accept(auditor);
          auditor.erase();
        };
    federation.run();
    assertThat(findings).as("the audit ran").isNotEmpty();
  }

  private boolean confirms(SumAuditor auditor, long chunk) {
    SumAuditor.ChunkAudit audit = auditor.begin(chunk);
    for (Fingerprint site : auditor.survivors()) {
      assertThat(audit.add(chunk(site, chunk), proof(site, chunk))).isTrue();
    }
    return audit.confirms(federation.sum().read(chunk));
  }

  private byte[] chunk(Fingerprint site, long chunk) {
    return federation.spool(federation.state().attempt()).get(site).get((int) chunk);
  }

  private List<Hash> proof(Fingerprint site, long chunk) {
    ChunkTree tree = ChunkTree.ofUpload(federation.state().context(), site);
    List<Hash> leaves = List.of(tree.leaf(0, chunk(site, 0)), tree.leaf(1, chunk(site, 1)));
    return MerkleTree.proofs(leaves).get((int) chunk);
  }
}
