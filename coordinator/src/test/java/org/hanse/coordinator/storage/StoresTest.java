package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads, models, sums and submissions: seen by others whole or not at all. */
class StoresTest {
  private static final JobId JOB = new JobId("job-1");
  private static final AttemptId ATTEMPT = new AttemptId(new RoundId(JOB, 1), 0);
  private static final Chunking CHUNKING = new Chunking(6, 4);
  private static final Hash CONTEXT = Hash.of(new byte[32]);

  @TempDir private Path directory;

  @Test
  void uploadStore_open_syncsTheNamesOfTheSpools() throws IOException {
    List<String> synced = new ArrayList<>();
    UploadStore uploads =
        new UploadStore(
            files(), CHUNKING, parent -> synced.add(parent.getFileName() + " " + names(parent)));

    uploads.open(ATTEMPT, CONTEXT, List.of(site(1), site(2)));

    assertThat(synced.getLast()).isEqualTo("uploads " + spools(site(1), site(2)));
    assertThat(synced)
        .contains("jobs [job-1]", "rounds [1]", "1 [attempt-0]", "attempt-0 [uploads]");
  }

  private static List<String> spools(Fingerprint... sites) {
    return Stream.of(sites)
        .flatMap(site -> Stream.of(site.toHex(), site.toHex() + ".hashes"))
        .toList();
  }

  @Test
  void uploadStore_stop_keepsTheSurvivorsOnly() throws IOException {
    UploadStore uploads = new UploadStore(files(), CHUNKING);
    uploads.open(ATTEMPT, CONTEXT, List.of(site(1), site(2)));
    UploadSpool kept = uploads.find(ATTEMPT, site(1)).orElseThrow();
    kept.append(kept.claim(), 0, new byte[16]);

    uploads.stop(ATTEMPT, Set.of(site(1)));

    assertThat(uploads.find(ATTEMPT, site(2))).isEmpty();
    assertThat(names(files().uploads(ATTEMPT))).isEqualTo(spools(site(1)));
    assertThat(uploads.reader(ATTEMPT).read(site(1), 0)).isEqualTo(new byte[16]);
    uploads.discard(ATTEMPT);
    assertThat(names(files().uploads(ATTEMPT))).isEmpty();
    assertThatThrownBy(() -> uploads.reader(ATTEMPT).read(site(1), 0))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void modelStore_draft_isNoModelBeforeItIsPublished() throws IOException {
    ModelStore models = new ModelStore(files());
    byte[] model = {1, 2, 3, 4};
    Hash hash = ModelHash.of(MemorySegment.ofArray(model));
    try (ModelDraft draft = models.draft(4)) {
      assertThatThrownBy(draft::hash).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> draft.write(0, new byte[3]))
          .isInstanceOf(IllegalArgumentException.class);
      draft.write(0, model);
      assertThat(models.open(hash)).isEmpty();
      assertThat(draft.publish()).isEqualTo(hash);
    }
    try (VectorFile published = models.open(hash).orElseThrow()) {
      assertThat(published.sizeBytes()).isEqualTo(4);
      assertThat(published.read(1, 2)).containsExactly(2, 3);
      assertThatThrownBy(() -> published.read(3, 2)).isInstanceOf(IOException.class);
    }
    assertThat(names(files().models())).containsExactly(hash.toHex());
  }

  @Test
  void modelStore_draftThatIsClosed_leavesNothing() throws IOException {
    ModelStore models = new ModelStore(files());
    models.draft(4).close();
    assertThat(names(files().models())).isEmpty();
  }

  @Test
  void modelStore_keepOnly_deletesOlderModelsAndNoDraft() throws IOException {
    ModelStore models = new ModelStore(files());
    Hash first = publish(models, 1);
    Hash second = publish(models, 2);
    try (ModelDraft draft = models.draft(1)) {
      models.keepOnly(Set.of(second));

      assertThat(models.open(first)).isEmpty();
      models.open(second).orElseThrow().close();
      draft.write(0, new byte[] {3});
      draft.publish();
    }
  }

  private static Hash publish(ModelStore models, int value) throws IOException {
    try (ModelDraft draft = models.draft(1)) {
      draft.write(0, new byte[] {(byte) value});
      return draft.publish();
    }
  }

  @Test
  void sumStore_draft_readableByItsWriterAndPublishedWhole() throws IOException {
    SumStore sums = new SumStore(files(), CHUNKING);
    try (SumDraft draft = sums.draft(ATTEMPT)) {
      draft.write(1, littleEndian(5, 6));
      draft.write(0, littleEndian(1, 2, 3, 4));
      assertThat(draft.read(1)).containsExactly(5, 6);
      assertThat(sums.open(ATTEMPT)).isEmpty();
      draft.publish();
    }
    try (VectorFile sum = sums.open(ATTEMPT).orElseThrow()) {
      assertThat(sum.read(0, 24)).isEqualTo(littleEndian(1, 2, 3, 4, 5, 6));
    }
    sums.discard(ATTEMPT);
    assertThat(sums.open(ATTEMPT)).isEmpty();
  }

  @Test
  void sumStore_sumOfInt16Elements_isReadWithItsSigns() throws IOException {
    SumStore sums = new SumStore(files(), new Chunking(6, 4, 2));
    try (SumDraft draft = sums.draft(ATTEMPT)) {
      draft.write(1, new byte[] {5, 0, (byte) 0xfe, (byte) 0xff});
      draft.write(0, new byte[8]);
      assertThat(draft.read(1)).containsExactly(5, -2);
      draft.publish();
    }
    try (VectorFile sum = sums.open(ATTEMPT).orElseThrow()) {
      assertThat(sum.sizeBytes()).isEqualTo(12);
      assertThat(sum.read(8, 4)).containsExactly(5, 0, 0xfe, 0xff);
    }
  }

  @Test
  void sumStore_draftOfAKilledProcess_isWrittenAnew() throws IOException {
    SumStore sums = new SumStore(files(), CHUNKING);
    sums.draft(ATTEMPT).write(0, littleEndian(9, 9, 9, 9)); // never closed, like after a kill

    try (SumDraft draft = sums.draft(ATTEMPT)) {
      draft.write(0, littleEndian(1, 2, 3, 4));
      draft.write(1, littleEndian(5, 6));
      draft.publish();
    }

    try (VectorFile sum = sums.open(ATTEMPT).orElseThrow()) {
      assertThat(sum.read(0, 24)).isEqualTo(littleEndian(1, 2, 3, 4, 5, 6));
    }
  }

  @Test
  void staging_published_isAJobWithItsManifestAndModel() throws IOException {
    Bytes manifest = Bytes.of((byte) '{', (byte) '}');
    try (Staging staging = Staging.create(directory, 1)) {
      staging.model().write(0, new byte[] {7});
      assertThat(files().directory()).doesNotExist();
      staging.complete(manifest);
      staging.publish(files());
    }

    assertThat(files().manifest()).hasBinaryContent(manifest.toByteArray());
    assertThat(names(files().models())).hasSize(1);
    assertThat(names(directory.resolve("incoming"))).isEmpty();
  }

  @Test
  void staging_discardAll_deletesWhatAKilledProcessLeft() throws IOException {
    Staging.create(directory, 1); // never closed
    Files.writeString(directory.resolve("other"), "kept");

    Staging.discardAll(directory);

    assertThat(names(directory)).containsExactly("other");
    Staging.discardAll(directory);
  }

  private JobFiles files() {
    return JobFiles.of(directory, JOB);
  }

  private static Fingerprint site(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return Fingerprint.of(bytes);
  }

  private static byte[] littleEndian(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
