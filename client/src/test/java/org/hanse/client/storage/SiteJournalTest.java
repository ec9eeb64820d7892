package org.hanse.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hanse.client.agent.TestJob;
import org.hanse.client.session.SiteRecord;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteJournalTest {
  private static final RoundId ROUND = new RoundId(new JobId("job-1"), 7);
  private static final AttemptId ATTEMPT = new AttemptId(ROUND, 3);

  @TempDir private Path directory;

  private static Hash hash(String text) {
    return Hash.of(TestJob.secret(text).toByteArray());
  }

  private static List<SiteRecord> oneOfEach() {
    return List.of(
        new SiteRecord.UpdateSaved(
            ROUND, new SiteRecord.Origin(hash("plan"), hash("base")), hash("update")),
        new SiteRecord.Protocol(
            new JournalEntry.Joined(ATTEMPT, hash("ctx"), hash("model"), hash("update"))),
        new SiteRecord.Protocol(
            new JournalEntry.Released(ATTEMPT, hash("ctx"), hash("model"), hash("stmt"))),
        new SiteRecord.ModelTrusted(ROUND, hash("next")),
        new SiteRecord.Protocol(new JournalEntry.Closed(ROUND)));
  }

  private Path write(List<SiteRecord> records) throws IOException {
    Path file = directory.resolve("journal");
    Files.deleteIfExists(file);
    try (SiteJournal journal = SiteJournal.open(file)) {
      for (SiteRecord record : records) {
        journal.append(record);
      }
    }
    return file;
  }

  private static List<SiteRecord> read(Path file) throws IOException {
    try (SiteJournal journal = SiteJournal.open(file)) {
      return journal.records();
    }
  }

  @Test
  void open_whatWasAppended_comesBack() throws IOException {
    assertThat(read(write(oneOfEach()))).isEqualTo(oneOfEach());
  }

  @Test
  void open_afterReopening_appendsBehindWhatWasThere() throws IOException {
    Path file = write(oneOfEach());
    SiteRecord more = new SiteRecord.Protocol(new JournalEntry.Closed(ROUND.next()));
    try (SiteJournal journal = SiteJournal.open(file)) {
      journal.append(more);
    }
    List<SiteRecord> expected = new ArrayList<>(oneOfEach());
    expected.add(more);
    assertThat(read(file)).isEqualTo(expected);
  }

  @Test
  void open_tornAtEveryByte_keepsTheWholeRecordsBeforeAndGoesOn() throws IOException {
    List<SiteRecord> records = oneOfEach();
    List<Integer> ends = new ArrayList<>();
    for (int count = 0; count <= records.size(); count++) {
      ends.add((int) Files.size(write(records.subList(0, count))));
    }
    byte[] whole = Files.readAllBytes(write(records));
    for (int length = 0; length <= whole.length; length++) {
      Path torn = directory.resolve("torn-" + length);
      Files.write(torn, Arrays.copyOf(whole, length));
      int cut = length;
      int kept = (int) ends.stream().filter(end -> end <= cut).count() - 1;
      assertThat(read(torn))
          .as("%s bytes", length)
          .isEqualTo(records.subList(0, Math.max(kept, 0)));
      try (SiteJournal journal = SiteJournal.open(torn)) {
        journal.append(records.getFirst());
      }
      assertThat(read(torn)).as("after %s bytes", length).hasSize(Math.max(kept, 0) + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 11, 12, 13, 300, 524})
  void open_fileGrownWithoutItsBytes_isCut(int zeros) throws IOException {
    Path file = write(oneOfEach());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length + zeros));
    assertThat(read(file)).isEqualTo(oneOfEach());
    assertThat(Files.size(file)).isEqualTo(whole.length);
  }

  @Test
  void open_anyBitFlipped_refuses() throws IOException {
    byte[] whole = Files.readAllBytes(write(oneOfEach()));
    Path damaged = directory.resolve("damaged");
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      Files.write(damaged, flipped);
      assertThatIOException()
          .as("byte %s", i)
          .isThrownBy(() -> read(damaged))
          .withMessageContaining("is damaged at byte")
          .withMessageContaining("Never put an older copy in its place");
      assertThat(Files.readAllBytes(damaged)).isEqualTo(flipped);
    }
  }

  @Test
  void open_anotherFile_refuses() throws IOException {
    Path file = directory.resolve("notes");
    Files.writeString(file, "shopping list: bread, milk");
    assertThatIOException().isThrownBy(() -> read(file)).withMessageContaining("it is no journal");
  }

  @ParameterizedTest
  @ValueSource(ints = {525, 5000})
  void open_moreZerosThanOneRecord_refuses(int zeros) throws IOException {
    Path file = write(oneOfEach());
    byte[] grown = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) + zeros);
    Files.write(file, grown);
    assertThatIOException()
        .isThrownBy(() -> read(file))
        .withMessageContaining("more bytes are gone than one unfinished record has");
    assertThat(Files.readAllBytes(file)).isEqualTo(grown);
  }

  @Test
  void open_magicWordNeverWritten_isNew() throws IOException {
    Path file = directory.resolve("journal");
    Files.write(file, new byte[8]);
    assertThat(read(file)).isEmpty();
    assertThat(Files.size(file)).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 300, 5000})
  void open_onlyZeros_isNotTakenForNew(int zeros) throws IOException {
    Path file = directory.resolve("journal");
    Files.write(file, new byte[zeros]);
    assertThatIOException().isThrownBy(() -> read(file)).withMessageContaining("it is no journal");
  }

  @Test
  void append_longestRecord_fits() throws IOException {
    AttemptId longest = new AttemptId(new RoundId(new JobId("j".repeat(63)), 9_999), 15);
    SiteRecord record =
        new SiteRecord.Protocol(
            new JournalEntry.Released(longest, hash("ctx"), hash("model"), hash("stmt")));
    assertThat(read(write(List.of(record)))).containsExactly(record);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "job-1",
        "job-1 1",
        "job-1 1 unknown",
        "job-1 0 closed",
        "Job 1 closed",
        "job-1 1 closed more",
        "job-1 1 trusted 00",
        "job-1 x closed",
        "job-1 1 joined 99 a b c"
      })
  void decode_noRecord_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SiteRecordCodec.decode(text.getBytes(StandardCharsets.UTF_8)));
  }
}
