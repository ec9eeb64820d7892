package org.hanse.coordinator.storage.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.JournalSamples;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.wire.StoredMessages;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a database in a file is named, loses nothing and passes. */
@Timeout(120)
class DatabaseFaultsTest {
  private static final Instant NOW = JournalSamples.NOW;
  private static final JobDescription JOB = job();
  private static final JobId ID = JOB.id();
  private static final RoundId ROUND = new RoundId(ID, 1);
  private static final String MARK = "the-signature-of-one-event";

  @TempDir private Path directory;

  private static JobDescription job() {
    TestJob job = TestJob.of(TestJob.Shape.of(5).rounds(9));
    return new JobDescription(job.manifest(), job.exactBytes(), job.planHash(), "alice");
  }

  private Settings settings() {
    return new Settings.Sqlite(directory);
  }

  private Path file() {
    return directory.resolve("coordinator.db");
  }

  /** A database with a job, a round, the event with the mark, and {@code entries} of history. */
  private void fill(int entries) throws IOException {
    try (Database database = Database.open(settings())) {
      fill(database.jobs(), entries);
    }
  }

  private static void fill(JobStore jobs, int entries) throws IOException {
    jobs.create(JOB, NOW);
    jobs.write(
        ID,
        NOW,
        List.of(
            new JobChange.RoundOpened(JournalSamples.firstOpening(ID)),
            new JobChange.EventTaken(marked())));
    for (int i = 1; i <= entries; i++) {
      jobs.write(ID, NOW, List.of(entry(i)));
    }
  }

  private static RoundEvent marked() {
    return new RoundEvent.MessageReceived(
        new AttemptId(ROUND, 0),
        JournalSamples.SITE,
        new FromSite.Confirmation(
            JournalSamples.hash(1), Bytes.of(Arrays.copyOf(MARK.getBytes(UTF_8), 64))),
        NOW);
  }

  private static JobChange entry(long sequence) {
    return new JobChange.Reported(
        new JobEventEntry(
            sequence,
            NOW.toEpochMilli(),
            new JobEventValue.StageReached(new AttemptId(ROUND, 0), WorkStage.TRAIN, 5)));
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = raw();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Another program's connection. */
  private Connection raw() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file());
  }

  private static StorageException assertFails(Code code, ThrowingCallable call) {
    StorageException failure = catchThrowableOfType(StorageException.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
    assertThat(failure.getMessage()).doesNotContain("\n").hasSizeBetween(20, 400);
    return failure;
  }

  private void assertOpenFails(Code code) {
    assertFails(code, () -> Database.open(settings()).close());
  }

  @Test
  void codes_areStable() {
    assertThat(Arrays.stream(Code.values()).map(Code::text))
        .containsExactly(
            "storage-in-use",
            "storage-locked",
            "storage-full",
            "storage-newer",
            "storage-damaged",
            "storage-unreachable",
            "storage-failed");
  }

  @Test
  void open_openInThisProcess_inUseUntilItIsClosed() throws IOException {
    try (Database database = Database.open(settings())) {
      assertOpenFails(Code.IN_USE);
      assertFails(
          Code.IN_USE,
          () -> Database.open(new Settings.Sqlite(directory.resolve("x").resolve(".."))).close());
      fill(database.jobs(), 1);
    }
    try (Database again = Database.open(settings())) {
      assertThat(again.jobs().jobs()).hasSize(1);
    }
  }

  /** Also after a second opener of this process has come and gone. */
  @Test
  void open_openInAnotherProcess_inUseUntilItEnds() throws Exception {
    try (Database database = Database.open(settings())) {
      assertOpenFails(Code.IN_USE);
      try (ChildCoordinator child =
          ChildCoordinator.start(ChildCoordinator.Task.OPEN, settings())) {
        assertThat(child.line()).isEqualTo("storage-in-use");
      }
      fill(database.jobs(), 1);
    }
    try (ChildCoordinator child =
        ChildCoordinator.start(ChildCoordinator.Task.COMMIT, settings())) {
      assertThat(child.line()).isEqualTo("opened");
      assertOpenFails(Code.IN_USE);
      child.kill();
      Database.open(settings()).close();
    }
  }

  @Test
  void write_lockedByAnotherProgram_lockedAndSucceedsAfterwards() throws Exception {
    try (Database database = Database.open(settings());
        Connection other = raw();
        Statement statement = other.createStatement()) {
      fill(database.jobs(), 1);
      statement.execute("BEGIN IMMEDIATE");

      assertFails(Code.LOCKED, () -> database.jobs().write(ID, NOW, List.of(entry(2))));
      assertThat(database.jobs().history(ID, 1, 9)).hasSize(1);

      statement.execute("ROLLBACK");
      database.jobs().write(ID, NOW, List.of(entry(2)));
      assertThat(database.jobs().history(ID, 1, 9)).hasSize(2);
    }
  }

  @Test
  void open_lockedByAnotherProgram_locked() throws Exception {
    fill(1);
    try (Connection other = raw();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertOpenFails(Code.LOCKED);
      statement.execute("ROLLBACK");
    }
    Database.open(settings()).close();
  }

  @Test
  void write_noSpaceLeft_fullWithNothingOfItStoredAndSucceedsWithRoom() throws IOException {
    try (Database database = Database.open(settings())) {
      JobStore jobs = database.jobs();
      fill(jobs, 1);
      takeAllSpace(database);
      long stored = fillUp(jobs);
      for (int again = 0; again < 3; again++) {
        takeAllSpace(database);
        assertFails(Code.FULL, () -> jobs.write(ID, NOW.plusSeconds(9), large(stored)));
        StoredJob job = jobs.jobs().getFirst();
        assertThat(job.lastSequence()).isEqualTo(stored);
        assertThat(job.changedAt()).isEqualTo(NOW);
        assertThat(jobs.history(ID, 1, Integer.MAX_VALUE)).hasSize((int) stored);
        assertThat(jobs.journal(ID).orElseThrow().events()).containsExactly(marked());
      }

      jobs.write(ID, NOW, large(stored));
      assertThat(jobs.history(ID, 1, Integer.MAX_VALUE)).hasSize((int) stored + 100);
    }
    try (Database again = Database.open(settings())) {
      assertThat(again.jobs().journal(ID).orElseThrow().events()).hasSize(2);
    }
  }

  /**
   * No page more than there are, until the writer's connection is a new one: as it is after each
   * failure for want of space.
   */
  private static void takeAllSpace(Database database) throws IOException {
    database
        .transactions()
        .write(writer -> writer.select("PRAGMA max_page_count = 1").mapTo(Long.class).one());
  }

  /** Until no page is free; the last sequence stored. */
  private static long fillUp(JobStore jobs) throws IOException {
    for (long sequence = 2; ; sequence++) {
      try {
        jobs.write(ID, NOW, List.of(entry(sequence)));
      } catch (StorageException e) {
        assertThat(e.code()).isEqualTo(Code.FULL);
        return sequence - 1;
      }
    }
  }

  /** More than fits where nothing fits. */
  private static List<JobChange> large(long last) {
    List<JobChange> changes = new ArrayList<>();
    changes.add(new JobChange.EventTaken(JournalSamples.events(ROUND).getFirst()));
    for (int i = 1; i <= 100; i++) {
      changes.add(entry(last + i));
    }
    return changes;
  }

  @Test
  void open_schemaOfANewerProgram_newerNamingBothVersionsAndNothingChanged() throws Exception {
    fill(1);
    execute("INSERT INTO schema_version VALUES (99, '0099-later', 'ab')");
    byte[] before = Files.readAllBytes(file());

    assertThatThrownBy(() -> Database.open(settings()))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo(Code.NEWER))
        .hasMessageContaining("schema version 99")
        .hasMessageContaining("versions up to 3");
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    execute("DELETE FROM schema_version WHERE number = 99");
    Database.open(settings()).close();
  }

  @Test
  void open_schemaOfAnotherBuild_newer() throws Exception {
    fill(1);
    execute("UPDATE schema_version SET sha256 = 'ab'");
    assertOpenFails(Code.NEWER);
  }

  @Test
  void open_garbage_damagedAndNothingChanged() throws IOException {
    byte[] garbage = "no database at all, ".repeat(1_000).getBytes(UTF_8);
    Files.write(file(), garbage);
    assertOpenFails(Code.DAMAGED);
    assertThat(Files.readAllBytes(file())).isEqualTo(garbage);
  }

  @Test
  void open_overwrittenWithGarbage_damagedAndNothingChanged() throws IOException {
    fill(50);
    byte[] content = Files.readAllBytes(file());
    for (int page = 1; page < content.length / 4096; page++) {
      Arrays.fill(content, page * 4096, page * 4096 + 1000, (byte) 0xa5);
    }
    Files.write(file(), content);
    assertOpenFails(Code.DAMAGED);
    assertThat(Files.readAllBytes(file())).isEqualTo(content);
  }

  @Test
  void open_endCutOff_damaged() throws IOException {
    fill(50);
    byte[] content = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(content, content.length / 2));
    assertOpenFails(Code.DAMAGED);
  }

  @Test
  void journal_aByteOfAnEventFlipped_damagedAndTheRestIsRead() throws IOException {
    fill(1);
    flip(MARK);
    try (Database database = Database.open(settings())) {
      StorageException failure = assertFails(Code.DAMAGED, () -> database.jobs().journal(ID));
      assertThat(failure).hasMessageContaining("journal of round job-1/1");
      assertThat(database.jobs().jobs()).hasSize(1);
      assertThat(database.jobs().history(ID, 1, 9)).hasSize(1);
    }
  }

  @Test
  void history_anyByteOfAnEntryFlipped_damaged() throws IOException {
    fill(3);
    byte[] good = Files.readAllBytes(file());
    byte[] record = StoredMessages.encode(((JobChange.Reported) entry(2)).entry());
    int start = new String(good, ISO_8859_1).indexOf(new String(record, ISO_8859_1));
    assertThat(start).isPositive();
    for (int i = 0; i < record.length; i += 2) {
      byte[] flipped = good.clone();
      flipped[start + i] ^= 1;
      Files.write(file(), flipped);
      try (Database database = Database.open(settings())) {
        assertFails(Code.DAMAGED, () -> database.jobs().history(ID, 1, 9));
        assertThat(database.jobs().history(ID, 3, 9)).hasSize(1);
      }
    }
  }

  @Test
  void jobs_aByteOfAManifestFlipped_damaged() throws IOException {
    fill(1);
    flip("A test");
    try (Database database = Database.open(settings())) {
      assertFails(Code.DAMAGED, () -> database.jobs().jobs());
    }
  }

  private void flip(String text) throws IOException {
    byte[] content = Files.readAllBytes(file());
    int at = new String(content, ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    content[at + 1] ^= 1;
    Files.write(file(), content);
  }

  @Test
  void reads_rowsThatBreakTheRulesOfTheirValues_damaged() throws Exception {
    fill(3);
    Map<String, Reading> faults =
        Map.of(
            "UPDATE job SET state = 'SLEEPING'", JobStore::jobs,
            "UPDATE job SET reason = 'NONE'", JobStore::jobs,
            "UPDATE job SET model = 'abc'", JobStore::jobs,
            "UPDATE job SET plan_hash = replace(plan_hash, '0', '1')", JobStore::jobs,
            "UPDATE round SET outcome = 'GIVEN_UP'", jobs -> jobs.rounds(ID),
            "UPDATE attempt SET stage = ''", jobs -> jobs.rounds(ID),
            "DELETE FROM journal_event WHERE position = 0", jobs -> jobs.journal(ID),
            "DELETE FROM job_event WHERE sequence = 3", jobs -> jobs.history(ID, 2, 9),
            "DELETE FROM job_event WHERE sequence = 2", jobs -> jobs.history(ID, 1, 9),
            "UPDATE model_use SET model = ''", jobs -> jobs.models(ID));
    byte[] good = Files.readAllBytes(file());
    for (Map.Entry<String, Reading> fault : faults.entrySet()) {
      Files.write(file(), good);
      execute(fault.getKey());
      try (Database database = Database.open(settings())) {
        assertFails(Code.DAMAGED, () -> fault.getValue().read(database.jobs()));
      }
    }
  }

  private interface Reading {
    Object read(JobStore jobs) throws IOException;
  }

  /** Either it is noticed, or what counts is what was written. */
  @Test
  void anyByteFlipped_neverOtherEventsOrManifests() throws IOException {
    fill(50);
    byte[] good = Files.readAllBytes(file());
    List<Object> before;
    try (Database database = Database.open(settings())) {
      before = content(database.jobs());
    }
    Map<Code, Integer> noticed = new EnumMap<>(Code.class);
    for (int at = nextUsed(good, 100); at < good.length; at = nextUsed(good, at + 997)) {
      byte[] flipped = good.clone();
      flipped[at] ^= 0x10;
      Files.write(file(), flipped);
      try (Database database = Database.open(settings())) {
        assertThat(content(database.jobs())).as("byte %s", at).isEqualTo(before);
      } catch (StorageException e) {
        noticed.merge(e.code(), 1, Integer::sum);
      }
    }
    assertThat(noticed.keySet()).isSubsetOf(Code.DAMAGED, Code.NEWER, Code.FAILED);
    assertThat(noticed.getOrDefault(Code.DAMAGED, 0)).isGreaterThan(10);
  }

  /** Most of a small database's pages is empty. */
  private static int nextUsed(byte[] content, int from) {
    int at = from;
    while (at < content.length && content[at] == 0) {
      at++;
    }
    return at;
  }

  private static List<Object> content(JobStore jobs) throws IOException {
    return List.of(
        jobs.jobs().stream().map(job -> job.description().exactBytes()).toList(),
        jobs.journal(ID),
        jobs.history(ID, 1, Integer.MAX_VALUE));
  }

  /** As after a power cut: what was synced is there, the end of the log is not. */
  @Test
  void open_logCutAnywhere_everythingThatWasCommittedBeforeTheCutIsThere() throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    int commits = 40;
    List<Long> ends = new ArrayList<>();
    Path log = directory.resolve("coordinator.db-wal");
    try (Database database = Database.open(settings())) {
      fill(database.jobs(), 0);
      for (int i = 1; i <= commits; i++) {
        database.jobs().write(ID, NOW, List.of(entry(i)));
        ends.add(Files.size(log));
      }
      assertThat(
              new ProcessBuilder("cp", file().toString(), log.toString(), copy.toString())
                  .start()
                  .waitFor())
          .isZero();
    }
    byte[] content = Files.readAllBytes(copy.resolve("coordinator.db"));
    byte[] whole = Files.readAllBytes(copy.resolve("coordinator.db-wal"));
    assertThat(ends).isSorted();
    for (long cut = ends.getFirst(); cut <= whole.length; cut += 4096 + 24 + 1000) {
      Path target = Files.createDirectory(directory.resolve("cut-" + cut));
      Files.write(target.resolve("coordinator.db"), content);
      Files.write(target.resolve("coordinator.db-wal"), Arrays.copyOf(whole, (int) cut));
      try (Database database = Database.open(new Settings.Sqlite(target))) {
        long end = cut;
        long kept = ends.stream().filter(size -> size <= end).count();
        assertThat(database.jobs().jobs().getFirst().lastSequence()).isEqualTo(kept);
        assertThat(database.jobs().history(ID, 1, 99)).hasSize((int) kept);
      }
    }
  }

  @Test
  void calls_afterClose_failed() throws IOException {
    Database database = Database.open(settings());
    JobStore jobs = database.jobs();
    database.close();
    assertFails(Code.FAILED, jobs::jobs);
    assertFails(Code.FAILED, () -> jobs.create(JOB, NOW));
    database.close();
  }

  @Test
  void open_stepThatFails_nothingOfItIsThere() throws Exception {
    try (Database database = Database.open(settings())) {
      Migrations broken =
          Migrations.ofThisProgram("BLOB")
              .and(
                  new Migrations.Step(
                      "0002-broken",
                      "CREATE TABLE half (x BIGINT); INSERT INTO half VALUES (1);"
                          + " CREATE TABLE job (y BIGINT);"));
      assertFails(Code.FAILED, () -> broken.apply(database.transactions()));
      assertThat(tables(database)).contains("job").doesNotContain("half");

      Migrations.ofThisProgram("BLOB")
          .and(new Migrations.Step("0002-more", "CREATE TABLE whole (x ${blob});"))
          .apply(database.transactions());
      assertThat(tables(database)).contains("job", "whole");
    }
    assertOpenFails(Code.NEWER);
  }

  private static List<String> tables(Database database) throws IOException {
    return database
        .transactions()
        .read(reader ->
            reader
                .select("SELECT name FROM sqlite_master WHERE type = 'table'")
                .mapTo(String.class)
                .list());
  }
}
