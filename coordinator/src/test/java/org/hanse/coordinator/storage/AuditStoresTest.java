package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.vector.Chunking;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.UploadedChunk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be seen of an attempt while it is audited, and what stays of it afterwards. */
class AuditStoresTest {
  private static final JobId JOB = new JobId("job-1");
  private static final AttemptId ATTEMPT = new AttemptId(new RoundId(JOB, 1), 0);
  private static final Chunking CHUNKING = new Chunking(10, 4);
  private static final Hash CONTEXT = Hash.of(new byte[32]);
  private static final Fingerprint SITE = site(1);

  @TempDir private Path directory;
  private UploadStore uploads;
  private AuditStore audits;

  @BeforeEach
  void open() throws IOException {
    uploads = new UploadStore(files(), CHUNKING);
    audits = new AuditStore(uploads);
    uploads.open(ATTEMPT, CONTEXT, List.of(SITE, site(2)));
  }

  @Test
  void chunk_committedUpload_isProven() throws IOException {
    Hash root = upload();
    audits.open(ATTEMPT, revelation());

    for (long i = 0; i < 3; i++) {
      UploadedChunk chunk = audits.chunk(new ChunkRequest(ATTEMPT, SITE, i)).orElseThrow();

      assertThat(chunk.data()).isEqualTo(data(i));
      Hash leaf = ChunkTree.ofUpload(CONTEXT, SITE).leaf(i, chunk.data());
      assertThat(MerkleTree.verify(leaf, i, 3, chunk.path(), root)).isTrue();
    }
  }

  @Test
  void chunk_whatIsNotThere_isEmpty() throws IOException {
    upload();
    audits.open(ATTEMPT, revelation());
    AttemptId other = new AttemptId(ATTEMPT.round(), 1);

    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, SITE, 3))).isEmpty();
    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, site(2), 0))).as("not committed").isEmpty();
    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, site(3), 0))).isEmpty();
    assertThat(audits.chunk(new ChunkRequest(other, SITE, 0))).isEmpty();
  }

  /** Nobody sees an upload, masked as it is, outside an audit. */
  @Test
  void everything_beforeAndAfterTheAudit_isEmpty() throws IOException {
    upload();
    assertThat(audits.revelation(ATTEMPT)).isEmpty();
    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, SITE, 0))).isEmpty();

    audits.open(ATTEMPT, revelation());
    assertThat(audits.revelation(ATTEMPT)).isPresent();
    audits.close(ATTEMPT);

    assertThat(audits.revelation(ATTEMPT)).isEmpty();
    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, SITE, 0))).isEmpty();
  }

  @Test
  void close_erasesTheSecretsButNotACopyInUse() {
    Revelation given = revelation();
    audits.open(ATTEMPT, given);
    Revelation copy = audits.revelation(ATTEMPT).orElseThrow();

    audits.close(ATTEMPT);

    assertThat(copy.of(SITE)).isEqualTo(SecretBytes.copyOf(new byte[32]));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> given.of(SITE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leave_uploadsStayOnTheDiskOnly() throws IOException {
    upload();
    uploads.leave(ATTEMPT);

    assertThat(uploads.find(ATTEMPT, SITE)).isEmpty();
    assertThat(Files.readAllBytes(files().upload(ATTEMPT, SITE))).hasSize(40);
    uploads.discardAllBut(Optional.empty());
    assertThat(files().upload(ATTEMPT, SITE)).exists();
  }

  @Test
  void discard_duringAnAudit_chunkIsEmpty() throws IOException {
    upload();
    audits.open(ATTEMPT, revelation());
    uploads.discard(ATTEMPT);

    assertThat(audits.chunk(new ChunkRequest(ATTEMPT, SITE, 0))).isEmpty();
  }

  @Test
  void strip_leavesTheTranscriptAlone() throws IOException {
    Files.write(files().transcript(ATTEMPT.round()), new byte[] {1});
    Files.write(files().round(ATTEMPT.round()).resolve("sum"), new byte[] {2});
    TranscriptStore transcripts = new TranscriptStore(files());

    transcripts.strip(ATTEMPT.round());

    assertThat(files().round(ATTEMPT.round()))
        .isDirectoryContaining(path -> path.endsWith("transcript"));
    try (var entries = Files.list(files().round(ATTEMPT.round()))) {
      assertThat(entries).hasSize(1);
    }
    transcripts.strip(new RoundId(JOB, 9));
  }

  private Hash upload() throws IOException {
    UploadSpool spool = uploads.find(ATTEMPT, SITE).orElseThrow();
    ChunkTree tree = ChunkTree.ofUpload(CONTEXT, SITE);
    long claim = spool.claim();
    for (long i = 0; i < 3; i++) {
      tree.add(data(i));
      assertThat(spool.append(claim, i, data(i))).isEqualTo(UploadSpool.Result.STORED);
    }
    UploadCommit commit = new UploadCommit(tree.root(), 3, 10, 0, 0, Bytes.of(new byte[64]));
    assertThat(spool.commit(claim, commit)).isEqualTo(UploadSpool.Result.STORED);
    return tree.root();
  }

  private static byte[] data(long chunk) {
    byte[] data = new byte[CHUNKING.sizeBytes(chunk)];
    Arrays.fill(data, (byte) (chunk + 1));
    return data;
  }

  private static Revelation revelation() {
    return new Revelation(
        new TreeMap<>(Map.of(SITE, SecretBytes.copyOf(new byte[32]))), Encapsulations.NONE);
  }

  private static Fingerprint site(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return Fingerprint.of(bytes);
  }

  private JobFiles files() {
    return JobFiles.of(directory, JOB);
  }
}
