package org.hanse.client.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.cli.JobFollower.ProtocolViolationException;
import org.hanse.client.grpc.JobClient;
import org.hanse.client.storage.DurableFiles;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.ModelLayout;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.Safetensors;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.JobSummary;

/**
 * Downloads a job's newest or best model beside the wanted file, checks its hash, and only then
 * puts a safetensors file in place. Bytes that arrived stay for the next try.
 */
final class ModelExport {
  /** Rounds may be published faster than a model downloads: so often a newer one is begun. */
  private static final int MAX_MODELS = 5;

  /** Tries in a row that bring nothing. */
  private static final int MAX_IDLE_TRIES = 5;

  private static final long PAUSE_MILLIS = 500;
  private static final String PART = ".part";

  private final JobClient jobs;
  private final ResearcherTools tools;
  private final Path output;
  private final Choice choice;
  private final TimeLimit limit;

  /** Which of a job's models. */
  enum Choice {
    NEWEST,
    BEST
  }

  /**
   * A model of a job.
   *
   * @param rounds published that made it
   */
  record Exported(JobId job, Hash planHash, Hash modelHash, long rounds) {}

  ModelExport(JobClient jobs, ResearcherTools tools, Path output, Choice choice, TimeLimit limit) {
    this.jobs = jobs;
    this.tools = tools;
    this.output = output;
    this.choice = choice;
    this.limit = limit;
  }

  /** Returns what was fetched. */
  Exported run(JobId job)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    ModelLayout layout = layout(summary(job));
    for (int model = 1; model <= MAX_MODELS; model++) {
      Exported wanted = wanted(summary(job));
      Path part = partOf(wanted);
      if (download(wanted, part, layout.parameterCount() * Float.BYTES)
          && publish(part, layout, wanted)) {
        return wanted;
      }
      Files.delete(part); // gone for newer ones, or not the job's at all
    }
    throw new CommandFailure(
        ErrorCode.DOWNLOAD_MISMATCH,
        "what arrived never had the hash that the coordinator gave for it",
        "try again when the job has ended: hanse job watch " + job);
  }

  private Exported wanted(JobSummary summary) throws CommandFailure {
    JobSummary.Progress progress = summary.progress();
    if (choice == Choice.NEWEST) {
      return new Exported(
          summary.job(), summary.planHash(), summary.modelHash(), progress.publishedRounds());
    }
    return progress
        .best()
        .map(best ->
            new Exported(summary.job(), summary.planHash(), best.modelHash(), best.rounds()))
        .orElseThrow(() ->
            new CommandFailure(
                ErrorCode.NO_BEST_MODEL,
                "job "
                    + summary.job()
                    + " has no best model: its file has no \"stop\", or no round was published",
                "leave out --best, or wait for a round: hanse job watch " + summary.job()));
  }

  private JobSummary summary(JobId job)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    return ConnectionOptions.ask(tools, limit, () -> jobs.job(job, limit.remaining()));
  }

  private ModelLayout layout(JobSummary summary)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    Bytes manifest =
        ConnectionOptions.ask(tools, limit, () -> jobs.manifest(summary.job(), limit.remaining()));
    try {
      if (Contexts.planHash(manifest).equals(summary.planHash())) {
        return ManifestCodec.decode(manifest).layout();
      }
    } catch (MalformedMessageException e) {
      // Told below: a manifest that was approved is never malformed.
    }
    throw new CommandFailure(
        ErrorCode.MANIFEST_MISMATCH,
        "the manifest that arrived is not the one of the job's plan hash",
        "ask the coordinator's administrator");
  }

  /** One file for each model, so that bytes of two models never mix. */
  private Path partOf(Exported wanted) {
    return beside(wanted.modelHash().toHex().substring(0, 16) + PART);
  }

  private Path beside(String suffix) {
    return output.resolveSibling("." + output.getFileName() + "." + suffix);
  }

  /** False if the coordinator no longer keeps the model. */
  private boolean download(Exported wanted, Path part, long sizeBytes)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    try (FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (file.size() > sizeBytes) {
        file.truncate(0);
      }
      file.position(file.size());
      for (int idleTries = 0; file.position() < sizeBytes; ) {
        long before = file.position();
        try {
          jobs.downloadModel(
              new DownloadRequest.Model(wanted.job(), wanted.modelHash(), before),
              limit.remaining(),
              piece -> append(file, piece, sizeBytes));
        } catch (CoordinatorException e) {
          if (e.reason().equals(Optional.of(ErrorReason.UNKNOWN_MODEL))) {
            return false;
          }
          if (e.duty() != Duty.RETRY || idleTries == MAX_IDLE_TRIES) {
            throw e;
          }
        }
        idleTries = file.position() == before ? idleTries + 1 : 0;
        if (idleTries > MAX_IDLE_TRIES) {
          throw new CommandFailure(
              ErrorCode.DOWNLOAD_STALLED,
              "the coordinator sends nothing from byte " + before + " on",
              "run it again: it goes on there");
        }
        limit.pause(tools.pause(), idleTries * PAUSE_MILLIS);
      }
      return true;
    }
  }

  private static void append(FileChannel file, DataPiece piece, long sizeBytes) throws IOException {
    if (piece.offsetBytes() != file.position()
        || piece.data().length > sizeBytes - file.position()) {
      throw new ProtocolViolationException("bytes of the model arrived at the wrong place");
    }
    writeFully(file, ByteBuffer.wrap(piece.data()));
  }

  /** False, and nothing changes, if the part's bytes are not the model. */
  private boolean publish(Path part, ModelLayout layout, Exported wanted) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel values = FileChannel.open(part, StandardOpenOption.READ)) {
      MemorySegment bytes = values.map(FileChannel.MapMode.READ_ONLY, 0, values.size(), arena);
      if (!ModelHash.of(bytes).equals(wanted.modelHash())) {
        return false;
      }
      Path whole = beside("whole");
      try {
        write(whole, content(bytes, layout, wanted).headerBytes(), values);
        DurableFiles.publish(whole, output);
      } finally {
        Files.deleteIfExists(whole);
      }
    }
    deleteParts();
    return true;
  }

  private static void write(Path whole, byte[] header, FileChannel values) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            whole,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(file, ByteBuffer.wrap(header));
      for (long copied = 0; copied < values.size(); ) {
        copied += values.transferTo(copied, values.size() - copied, file);
      }
      file.force(true);
    }
  }

  /** Of this model, and of older ones that were never fetched to their end. */
  private void deleteParts() throws IOException {
    String prefix = "." + output.getFileName() + ".";
    try (Stream<Path> files = Files.list(beside("").getParent())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(prefix) && name.endsWith(PART)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Safetensors content(MemorySegment bytes, ModelLayout layout, Exported wanted) {
    Map<String, String> metadata =
        Map.of(
            "hanse.job", wanted.job().value(),
            "hanse.rounds", Long.toString(wanted.rounds()),
            "hanse.model-hash", wanted.modelHash().toHex(),
            "hanse.plan-hash", wanted.planHash().toHex());
    return new Safetensors(
        layout.tensors().stream()
            .map(tensor -> new Safetensors.Tensor(tensor.name(), tensor.shape()))
            .toList(),
        metadata,
        FloatVector.view(bytes));
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
