package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.plan.RoundId;

/**
 * The events of one round, in the order in which its machine took them: replayed through the same
 * machine they give the same state and effects. Not thread-safe.
 */
public final class FileJournal implements Closeable {
  private final RecordFile records;

  private FileJournal(RecordFile records) {
    this.records = records;
  }

  /** A new journal; durable after the next {@link #sync}. */
  public static FileJournal create(JobFiles files, RoundOpening opening) throws IOException {
    Path file = files.journal(opening.round());
    FileJournal journal = new FileJournal(RecordFile.create(file));
    journal.records.append(RoundRecords.encode(opening));
    return journal;
  }

  /** Durable after the next {@link #sync}. */
  public void append(RoundEvent event) throws IOException {
    records.append(RoundRecords.encode(event));
  }

  /** On return every event appended so far is durable. */
  public void sync() throws IOException {
    records.sync();
  }

  /** Deletes the journal of a round that is closed; its releases are not kept. */
  public static void forget(JobFiles files, RoundId round) throws IOException {
    Files.deleteIfExists(files.journal(round));
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
