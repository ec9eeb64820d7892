package org.hanse.coordinator.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JournalSamples;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.junit.jupiter.api.Test;

class SqliteJobStoreTest extends SqlJobStoreContract {

  /** A name that an address would have to spell in another way. */
  @Override
  Settings settings() {
    return new Settings.Sqlite(directory.resolve("data of 100%? #1 ä"));
  }

  private Path data() {
    return settings().dataDirectory();
  }

  @Test
  void files_allForTheOwnerOnly() throws IOException {
    store().create(JOB, NOW);

    assertThat(data().resolve("coordinator.db")).exists();
    assertThat(data().resolve("coordinator.db-wal")).exists();
    assertThat(data().resolve("coordinator.db-shm")).exists();
    try (Stream<Path> all = Files.walk(data())) {
      for (Path file : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as("%s", file)
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void files_openedToOthers_forTheOwnerOnlyAgain() throws IOException {
    store().create(JOB, NOW);
    close();
    Path file = data().resolve("coordinator.db");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    store().create(description("job-2"), NOW);

    for (String suffix : List.of("", "-wal", "-shm")) {
      Path one = data().resolve("coordinator.db" + suffix);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void writer_everyCommitWaitsForTheDiskAndDeletedRowsAreOverwritten() throws IOException {
    assertThat(pragma("journal_mode")).isEqualTo("wal");
    assertThat(pragma("synchronous")).isEqualTo("2");
    assertThat(pragma("foreign_keys")).isEqualTo("1");
    assertThat(pragma("secure_delete")).isEqualTo("1");
  }

  private String pragma(String name) throws IOException {
    return database()
        .transactions()
        .write(writer -> writer.select("PRAGMA " + name).mapTo(String.class).one());
  }

  /** What sites released in a round that is over is not on the disk any more. */
  @Test
  void write_nextRoundOpened_eventsOfTheRoundBeforeInNoFile() throws IOException {
    store().create(JOB, NOW);
    RoundId first = new RoundId(ID, 1);
    String mark = "released-share-of-this-very-round";
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
    write(taken(marked(first, mark)));
    assertThat(filesWith(mark)).isNotEmpty();

    write(new JobChange.RoundOpened(JournalSamples.opening(first.next())));

    assertThat(filesWith(mark)).isEmpty();
  }

  @Test
  void delete_job_eventsInNoFile() throws IOException {
    store().create(JOB, NOW);
    String mark = "released-share-of-this-very-round";
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
    write(taken(marked(new RoundId(ID, 1), mark)));

    store().delete(ID);

    assertThat(filesWith(mark)).isEmpty();
  }

  private static RoundEvent marked(RoundId round, String mark) {
    byte[] signature = Arrays.copyOf(mark.getBytes(UTF_8), 64);
    return new RoundEvent.MessageReceived(
        new AttemptId(round, 0),
        JournalSamples.SITE,
        new FromSite.Confirmation(JournalSamples.hash(1), Bytes.of(signature)),
        NOW);
  }

  private List<Path> filesWith(String mark) throws IOException {
    try (Stream<Path> all = Files.list(data())) {
      return all.filter(Files::isRegularFile).filter(file -> holds(file, mark)).toList();
    }
  }

  private static boolean holds(Path file, String mark) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
