package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AdoptionProof;

/**
 * The events of one round, in the order in which its machine took them: replayed through the same
 * machine they give the same state and effects. Not thread-safe.
 */
public final class RoundJournal implements Closeable {
  private final RecordFile records;

  /**
   * How a round opened.
   *
   * @param known presence of the members that the coordinator had heard of
   */
  public record Opening(
      RoundId round, Start start, Map<Fingerprint, Presence> known, Instant openedAt) {
    /**
     * What the round starts from.
     *
     * @param convicted members with no part in the job any more
     */
    public record Start(
        Hash planHash,
        Hash modelHash,
        Optional<AdoptionProof> adoption,
        Set<Fingerprint> convicted) {
      public Start {
        convicted = Set.copyOf(convicted);
      }
    }
  }

  /** What a journal holds. */
  public record Content(Opening opening, List<RoundEvent> events) {
    public Content {
      events = List.copyOf(events);
    }
  }

  private RoundJournal(RecordFile records) {
    this.records = records;
  }

  /** A new journal; durable after the next {@link #sync}. */
  public static RoundJournal create(JobFiles files, Opening opening) throws IOException {
    Path file = files.journal(opening.round());
    RoundJournal journal = new RoundJournal(RecordFile.create(file));
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

  /**
   * What survived; an event whose record is torn was never acted upon.
   *
   * @throws IOException if there is no journal, or not even its opening survived
   */
  public static Content read(JobFiles files, RoundId round) throws IOException {
    List<byte[]> records = RecordFile.read(files.journal(round));
    if (records.isEmpty()) {
      throw new IOException("the journal of round " + round.round() + " has no opening");
    }
    return new Content(
        RoundRecords.decodeOpening(records.getFirst()),
        records.stream().skip(1).map(RoundRecords::decodeEvent).toList());
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
