package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.wire.TranscriptMessages;

/** The transcripts of a job's published rounds, kept as long as the job. */
public final class TranscriptStore {
  private final JobFiles files;

  public TranscriptStore(JobFiles files) {
    this.files = files;
  }

  /** On return the transcript is durable. */
  public void write(RoundTranscript transcript) throws IOException {
    RoundId round = transcript.start().attempt().round();
    Durability.createDirectories(files.round(round));
    Durability.writeAtomically(files.transcript(round), TranscriptMessages.encode(transcript));
  }

  /** Deletes all that a round has left beside its transcript, which nobody needs any more. */
  public void strip(RoundId round) throws IOException {
    Path directory = files.round(round);
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> entries;
    try (Stream<Path> all = Files.list(directory)) {
      entries = all.filter(entry -> !entry.equals(files.transcript(round))).toList();
    }
    for (Path entry : entries) {
      Durability.deleteTree(entry);
    }
    Durability.syncDirectory(directory);
  }
}
