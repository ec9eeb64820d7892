package org.hanse.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesOnDiskTest {
  private static final JobId JOB = new JobId("job-1");
  private static final RoundId ROUND = new RoundId(JOB, 2);

  @TempDir private Path directory;

  private static FloatVector vector(int size) {
    FloatVector vector = FloatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      vector.set(i, i * 0.5f - 3);
    }
    return vector;
  }

  private static byte[] bytes(FloatVector vector) {
    return vector.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void updateStore_savedUpdate_comesBackBitByBit() throws IOException {
    UpdateStore store = new UpdateStore(directory);
    LocalUpdate update = new LocalUpdate(vector(300_000), 12, List.of(0.1, -2.5));
    Hash hash = store.save(ROUND, update);
    LocalUpdate loaded = store.load(ROUND, hash);
    assertThat(bytes(loaded.delta())).isEqualTo(bytes(update.delta()));
    assertThat(loaded.exampleCount()).isEqualTo(12);
    assertThat(loaded.metrics()).containsExactly(0.1, -2.5);
  }

  @Test
  void updateStore_sameUpdateAgain_hasTheSameHash() throws IOException {
    UpdateStore store = new UpdateStore(directory);
    Hash first = store.save(ROUND, new LocalUpdate(vector(5), 1, List.of(1.0)));
    assertThat(store.save(ROUND.next(), new LocalUpdate(vector(5), 1, List.of(1.0))))
        .isEqualTo(first);
    assertThat(store.save(ROUND, new LocalUpdate(vector(5), 2, List.of(1.0)))).isNotEqualTo(first);
    assertThat(store.save(ROUND, new LocalUpdate(vector(5), 1, List.of(1.5)))).isNotEqualTo(first);
  }

  @Test
  void updateStore_anyByteChanged_isDamaged() throws IOException {
    UpdateStore store = new UpdateStore(directory);
    Hash hash = store.save(ROUND, new LocalUpdate(vector(4), 3, List.of(1.0)));
    Path file = onlyFile();
    byte[] content = Files.readAllBytes(file);
    for (int i = 0; i < content.length; i++) {
      byte[] changed = content.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThatExceptionOfType(DamagedFileException.class)
          .isThrownBy(() -> store.load(ROUND, hash));
    }
    Files.write(file, Arrays.copyOf(content, content.length - 4));
    assertThatExceptionOfType(DamagedFileException.class).isThrownBy(() -> store.load(ROUND, hash));
    Files.delete(file);
    assertThatExceptionOfType(DamagedFileException.class).isThrownBy(() -> store.load(ROUND, hash));
  }

  @Test
  void updateStore_retain_forgetsEverythingElse() throws IOException {
    UpdateStore store = new UpdateStore(directory);
    store.save(ROUND, new LocalUpdate(vector(4), 3, List.of()));
    Hash kept = store.save(ROUND.next(), new LocalUpdate(vector(4), 3, List.of()));
    Files.writeString(directory.resolve("job-1.9.update.partial"), "unfinished");
    store.retain(List.of(ROUND.next()));
    assertThat(directory).isDirectoryNotContaining(f -> !f.endsWith("job-1.3.update"));
    assertThat(store.load(ROUND.next(), kept).delta().size()).isEqualTo(4);
  }

  @Test
  void modelStore_downloadInPieces_resumesAndChecksTheHash() throws IOException {
    ModelStore store = new ModelStore(directory);
    byte[] content = bytes(vector(10));
    Hash hash = ModelHash.of(vector(10).segment());
    try (PartialFile first = store.download(JOB, hash, content.length)) {
      assertThat(first.append(0, Arrays.copyOf(content, 7))).isTrue();
    }
    try (PartialFile second = store.download(JOB, hash, content.length)) {
      assertThat(second.sizeBytes()).isEqualTo(7);
      assertThat(second.append(0, content)).isFalse();
      assertThat(second.append(8, new byte[1])).isFalse();
      assertThat(second.append(7, new byte[34])).isFalse();
      assertThat(second.append(7, Arrays.copyOfRange(content, 7, content.length))).isTrue();
      assertThat(store.finish(JOB, hash, second).orElseThrow().toArray())
          .isEqualTo(vector(10).toArray());
    }
    assertThat(store.find(JOB, hash)).isPresent();
    assertThat(store.find(new JobId("job-2"), hash)).isEmpty();
  }

  @Test
  void modelStore_downloadWithOtherBytes_isForgotten() throws IOException {
    ModelStore store = new ModelStore(directory);
    Hash hash = ModelHash.of(vector(10).segment());
    try (PartialFile download = store.download(JOB, hash, 40)) {
      download.append(0, new byte[40]);
      assertThat(store.finish(JOB, hash, download)).isEmpty();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void modelStore_damagedOnDisk_isNotFoundAndForgotten() throws IOException {
    ModelStore store = new ModelStore(directory);
    Hash hash = publish(store, vector(10));
    assertThat(store.find(JOB, hash)).isPresent();
    byte[] content = Files.readAllBytes(onlyFile());
    content[11] ^= 4;
    Files.write(onlyFile(), content);
    assertThat(store.find(JOB, hash)).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void modelStore_retain_keepsOtherJobsAndWantedModels() throws IOException {
    ModelStore store = new ModelStore(directory);
    Hash kept = publish(store, vector(10));
    Hash gone = publish(store, vector(11));
    store.retain(JOB, Set.of(kept));
    assertThat(store.find(JOB, kept)).isPresent();
    assertThat(store.find(JOB, gone)).isEmpty();
    store.retain(new JobId("job"), Set.of());
    assertThat(store.find(JOB, kept)).isPresent();
  }

  private static Hash publish(ModelStore store, FloatVector model) throws IOException {
    try (ModelStore.Draft draft = store.draft(JOB)) {
      draft.append(FloatVector.of(Arrays.copyOf(model.toArray(), 3)));
      draft.append(FloatVector.of(Arrays.copyOfRange(model.toArray(), 3, (int) model.size())));
      return store.publish(JOB, draft);
    }
  }

  @Test
  void modelStore_computedInPieces_isTheModelUnderItsHash() throws IOException {
    ModelStore store = new ModelStore(directory);
    Hash hash = publish(store, vector(10));
    assertThat(hash).isEqualTo(ModelHash.of(vector(10).segment()));
    assertThat(store.find(JOB, hash).orElseThrow().toArray()).isEqualTo(vector(10).toArray());
  }

  /** A mapped file would end the process where a write is refused. */
  @Test
  void modelStore_diskFull_isAnIoException() throws IOException {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    Files.createSymbolicLink(directory.resolve("job-1.next.partial"), full);
    try (ModelStore.Draft draft = new ModelStore(directory).draft(JOB)) {
      assertThatIOException()
          .isThrownBy(() -> draft.append(vector(10)))
          .withMessageContaining("No space left");
    }
  }

  @Test
  void resultFiles_completeSum_isReadByChunk() throws IOException {
    ResultFiles store = new ResultFiles(directory);
    Chunking chunking = new Chunking(5, 2);
    AttemptId attempt = new AttemptId(ROUND, 0);
    try (PartialFile file = store.download(attempt, chunking)) {
      for (int i = 0; i < 5; i++) {
        file.append(4L * i, new byte[] {(byte) i, 0, 0, (byte) 0xff});
      }
      assertThat(file.isComplete()).isTrue();
    }
    IntChunks sum = store.open(attempt, chunking);
    assertThat(sum.read(0)).containsExactly(0xff000000, 0xff000001);
    assertThat(sum.read(2)).containsExactly(0xff000004);
    assertThat(new ResultFiles(directory)).isNotNull();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void resultFiles_sumOfInt16Elements_isReadWithItsSigns() throws IOException {
    ResultFiles store = new ResultFiles(directory);
    Chunking chunking = new Chunking(5, 2, 2);
    AttemptId attempt = new AttemptId(ROUND, 0);
    try (PartialFile file = store.download(attempt, chunking)) {
      assertThat(file.expectedBytes()).isEqualTo(10);
      file.append(0, new byte[] {1, 0, (byte) 0xff, (byte) 0xff, 0, 1, 2, (byte) 0x80, 9, 0});
      assertThat(file.isComplete()).isTrue();
    }
    IntChunks sum = store.open(attempt, chunking);
    assertThat(sum.read(0)).containsExactly(1, -1);
    assertThat(sum.read(1)).containsExactly(256, -32_766);
    assertThat(sum.read(2)).containsExactly(9);
  }

  @Test
  void stateDirectory_twoClients_secondIsRefused() throws IOException {
    Path state = directory.resolve("a/state");
    try (StateDirectory first = StateDirectory.open(state)) {
      assertThatIOException()
          .isThrownBy(() -> StateDirectory.open(state))
          .withMessageContaining("another running client uses");
      assertThat(first.subdirectory("models")).isDirectory();
    }
    StateDirectory.open(state).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
  }

  /** A saved update is as private as the records it was made of. */
  @Test
  void everyFileOfTheState_isItsOwnersAlone() throws IOException {
    Path state = directory.resolve("state");
    try (StateDirectory opened = StateDirectory.open(state);
        SiteJournal journal = SiteJournal.open(state.resolve("journal"));
        PartialFile partial = PartialFile.resume(state.resolve("partial"), 4)) {
      assertThat(opened.root()).isEqualTo(state);
      assertThat(journal.records()).isEmpty();
      assertThat(partial.isComplete()).isFalse();
    }
    new UpdateStore(state).save(ROUND, new LocalUpdate(vector(5), 1, List.of(1.0)));
    try (var files = Files.list(state)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.getFileName().toString())
            .isEqualTo("rw-------");
      }
    }
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(directory)) {
      return files.findFirst().orElseThrow();
    }
  }
}
