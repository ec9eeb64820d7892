package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  private static final List<byte[]> RECORDS =
      List.of(new byte[] {1, 2, 3}, new byte[] {9}, new byte[] {4, 5, 6, 7, 8});

  /** Where each record ends: eight bytes of frame before its own. */
  private static final List<Integer> ENDS = List.of(11, 20, 33);

  @TempDir private Path directory;
  private Path file;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("deep").resolve("records");
    try (RecordFile records = RecordFile.create(file)) {
      for (byte[] record : RECORDS) {
        records.append(record);
      }
      records.sync();
    }
    content = Files.readAllBytes(file);
  }

  @Test
  void read_allRecords_inOrder() throws IOException {
    assertThat(RecordFile.read(file)).containsExactlyElementsOf(RECORDS);
  }

  @Test
  void read_tornAnywhere_givesTheWholeRecordsBefore() throws IOException {
    for (int size = 0; size < content.length; size++) {
      int end = size;
      Files.write(file, Arrays.copyOf(content, size));
      long whole = ENDS.stream().filter(e -> e <= end).count();
      assertThat(RecordFile.read(file)).as("%d bytes", size).hasSize((int) whole);
    }
  }

  @Test
  void read_anyByteAltered_givesTheRecordsBeforeItOnly() throws IOException {
    for (int at = 0; at < content.length; at++) {
      int altered = at;
      byte[] other = content.clone();
      other[at] ^= 0x10;
      Files.write(file, other);
      long whole = ENDS.stream().filter(e -> e <= altered).count();
      assertThat(RecordFile.read(file))
          .as("byte %d", at)
          .containsExactlyElementsOf(RECORDS.subList(0, (int) whole));
    }
  }

  @Test
  void read_zerosWhereAWriteNeverCame_areNoRecords() throws IOException {
    Files.write(file, Arrays.copyOf(content, content.length + 64));
    assertThat(RecordFile.read(file)).containsExactlyElementsOf(RECORDS);
  }

  @Test
  void create_overAnExistingFile_throws() {
    assertThatThrownBy(() -> RecordFile.create(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }
}
