package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.UploadSpool;
import org.hanse.coordinator.storage.UploadSpool.Result;
import org.hanse.coordinator.storage.UploadStore;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite;
import org.hanse.simulation.adversary.TestConsortium.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks of an upload of two chunks, as the coordinator's spool takes them. */
class UploadCasesTest {
  private static final AttemptId ATTEMPT = TestConsortium.attempt(1, 0);

  private final Federation federation =
      new Federation(TestConsortium.of(new Shape(4, 1).large()), 1);
  private final Script script = Script.of(federation).start(0, 1, 2, 3).exchangeKeys(0, 1, 2, 3);
  @TempDir private Path directory;
  private List<byte[]> chunks = List.of();

  @BeforeEach
  void upload() {
    script.tell(0, script.sharesFor(0, 0, 1, 2, 3));
    chunks = federation.spool(ATTEMPT).get(federation.name(0));
    assertThat(chunks).hasSize(2);
  }

  @Test
  void case23_chunksInOrder_stored() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();

    assertThat(spool.append(claim, 0, chunks.get(0))).isEqualTo(Result.STORED);
    assertThat(spool.append(claim, 1, chunks.get(1))).isEqualTo(Result.STORED);
    assertThat(spool.commit(claim, commit())).isEqualTo(Result.STORED);
  }

  @Test
  void case23_chunkMissing_noCommit() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();
    spool.append(claim, 0, chunks.get(0));

    assertThat(spool.commit(claim, commit())).isEqualTo(Result.OUT_OF_ORDER);
  }

  @Test
  void case23_reordered_refused() throws IOException {
    UploadSpool spool = spool();

    assertThat(spool.append(spool.claim(), 1, chunks.get(1))).isEqualTo(Result.OUT_OF_ORDER);
  }

  @Test
  void case23_duplicated_sameBytesAcknowledgedOthersRefused() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();
    spool.append(claim, 0, chunks.get(0));
    byte[] other = chunks.get(0).clone();
    other[0] ^= 1;

    assertThat(spool.append(claim, 0, chunks.get(0))).isEqualTo(Result.REPEATED);
    assertThat(spool.append(claim, 0, other)).isEqualTo(Result.DIFFERENT_REPEAT);
  }

  @Test
  void case23_oversizeOrShort_refused() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();

    assertThat(spool.append(claim, 0, new byte[chunks.get(0).length + 4]))
        .isEqualTo(Result.WRONG_LENGTH);
    assertThat(spool.append(claim, 0, new byte[chunks.get(0).length - 4]))
        .isEqualTo(Result.WRONG_LENGTH);
  }

  @Test
  void case23_chunkTooMany_refused() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();
    spool.append(claim, 0, chunks.get(0));
    spool.append(claim, 1, chunks.get(1));

    assertThat(spool.append(claim, 2, chunks.get(1))).isEqualTo(Result.OUT_OF_ORDER);
  }

  @Test
  void case23_commitOfAnotherRootOrLength_refused() throws IOException {
    UploadSpool spool = spool();
    long claim = spool.claim();
    spool.append(claim, 0, chunks.get(0));
    spool.append(claim, 1, chunks.get(1));
    FromSite.UploadCommit c = commit();

    assertThat(
            spool.commit(
                claim,
                new FromSite.UploadCommit(
                    Forgery.flipped(c.root()),
                    c.chunkCount(),
                    c.lengthElements(),
                    c.tag0(),
                    c.tag1(),
                    c.signature())))
        .isEqualTo(Result.WRONG_ROOT);
    assertThat(
            spool.commit(
                claim,
                new FromSite.UploadCommit(
                    c.root(),
                    c.chunkCount(),
                    c.lengthElements() - 1,
                    c.tag0(),
                    c.tag1(),
                    c.signature())))
        .isEqualTo(Result.WRONG_LENGTH);
  }

  @Test
  void case23_updateOfAnotherLength_notMasked() {
    var masker = Objects.requireNonNull(federation.site(0).masker);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> masker.maskAll(new RingVector(1, 2, 3), (chunk, bytes) -> {}));
  }

  private UploadSpool spool() throws IOException {
    UploadStore store =
        new UploadStore(
            JobFiles.of(directory, TestConsortium.JOB),
            UpdateEncoding.of(federation.consortium.manifest()).chunking());
    store.open(ATTEMPT, script.context, List.of(federation.name(0)));
    return store.find(ATTEMPT, federation.name(0)).orElseThrow();
  }

  private FromSite.UploadCommit commit() {
    return federation.sent(FromSite.UploadCommit.class).getFirst();
  }
}
