package org.hanse.client.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.vector.FloatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models by their hash: float32, little-endian, tensors in layout order. A file that does not have
 * the hash of its name is no model.
 */
public final class ModelStore {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
  private static final String SUFFIX = ".f32";
  private static final String PARTIAL = ".partial";

  private final Path directory;

  /**
   * @param directory of this store alone
   */
  public ModelStore(Path directory) {
    this.directory = directory;
  }

  /** The model, mapped, if it is here and has this hash. */
  public Optional<FloatVector> find(JobId job, Hash hash) throws IOException {
    Path file = path(job, hash);
    try {
      MemorySegment content = MappedFile.read(file);
      if (content.byteSize() > 0 && ModelHash.of(content).equals(hash)) {
        return Optional.of(FloatVector.view(content));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    LOG.warn("{} is damaged; the model is fetched again", file);
    Files.deleteIfExists(file);
    return Optional.empty();
  }

  /** A download of the model, begun or resumed. */
  public PartialFile download(JobId job, Hash hash, long sizeBytes) throws IOException {
    return PartialFile.resume(partial(job, hash), sizeBytes);
  }

  /**
   * Checks a complete download and makes it the model.
   *
   * @return empty, and the download is gone, if it has another hash
   */
  public Optional<FloatVector> finish(JobId job, Hash hash, PartialFile download)
      throws IOException {
    if (!download.isComplete()) {
      throw new IllegalStateException("download of " + hash + " is not complete");
    }
    MemorySegment content = MappedFile.read(download.path());
    if (!ModelHash.of(content).equals(hash)) {
      download.discard();
      return Optional.empty();
    }
    download.publish(path(job, hash));
    return Optional.of(FloatVector.view(content));
  }

  /** A model that is being computed; read by nobody before it is published. */
  public Draft draft(JobId job) throws IOException {
    Path file = directory.resolve(job + ".next" + PARTIAL);
    return new Draft(file, DurableFiles.openPrivate(file, StandardOpenOption.TRUNCATE_EXISTING));
  }

  /** Makes a computed model durable under its hash, which is returned. */
  public Hash publish(JobId job, Draft draft) throws IOException {
    draft.channel.force(true);
    draft.close();
    Hash hash = ModelHash.of(MappedFile.read(draft.file));
    DurableFiles.publish(draft.file, path(job, hash));
    return hash;
  }

  /** Forgets the job's models but these, and what was downloaded of others. */
  public void retain(JobId job, Set<Hash> wanted) throws IOException {
    List<String> names =
        wanted.stream().map(hash -> path(job, hash).getFileName().toString()).toList();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(job + ".") && !names.contains(name)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** When a model of the job was last written; empty if there is none. */
  public Optional<Instant> lastWritten(JobId job) throws IOException {
    return FileTimes.newest(directory, name -> name.startsWith(job + "."));
  }

  /** Forgets all models that were written before {@code limit}: they can be fetched again. */
  public void forgetWrittenBefore(Instant limit) throws IOException {
    FileTimes.deleteWrittenBefore(directory, limit);
  }

  private Path path(JobId job, Hash hash) {
    return directory.resolve(job + "." + hash + SUFFIX);
  }

  private Path partial(JobId job, Hash hash) {
    return directory.resolve(job + "." + hash + PARTIAL);
  }

  /**
   * A model while it is being computed. Written, not mapped: on a full disk a mapped file would end
   * the process, where a write is refused.
   */
  public static final class Draft implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Draft(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Adds the next parameters. */
    public void append(FloatVector piece) throws IOException {
      ByteBuffer bytes = piece.segment().asByteBuffer();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
