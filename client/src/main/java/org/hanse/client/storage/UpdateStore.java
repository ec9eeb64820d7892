package org.hanse.client.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.core.vector.FloatVector;

/**
 * Updates on disk, one per round, until the round closes: nothing is trained twice. A file holds a
 * magic word, then big-endian the examples (u64), the number of metrics (u32), the metrics
 * (float64) and the number of parameters (u64), then the float32 parameters, little-endian.
 */
public final class UpdateStore {
  private static final byte[] MAGIC = "HANSEU1\n".getBytes(StandardCharsets.US_ASCII);

  private final Path directory;

  public UpdateStore(Path directory) {
    this.directory = directory;
  }

  /** Writes the round's update durably and names it by the hash of the file. */
  public Hash save(RoundId round, LocalUpdate update) throws IOException {
    Path finished = path(round);
    Path unfinished = finished.resolveSibling(finished.getFileName() + ".partial");
    MessageDigest digest = sha256();
    try (FileChannel file =
        DurableFiles.openPrivate(unfinished, StandardOpenOption.TRUNCATE_EXISTING)) {
      write(file, digest, header(update));
      MappedFile.pieces(
          update.delta().segment(), piece -> write(file, digest, piece.asByteBuffer()));
      file.force(true);
    }
    DurableFiles.publish(unfinished, finished);
    return Hash.of(digest.digest());
  }

  /**
   * The round's update, mapped.
   *
   * @param expected what {@link #save} answered
   * @throws DamagedFileException if the file is not there or not what was saved
   */
  public LocalUpdate load(RoundId round, Hash expected) throws IOException {
    MemorySegment content;
    try {
      content = MappedFile.read(path(round));
    } catch (NoSuchFileException e) {
      throw new DamagedFileException("the saved update of " + round + " is gone");
    }
    MessageDigest digest = sha256();
    MappedFile.pieces(content, piece -> digest.update(piece.asByteBuffer()));
    if (!Hash.of(digest.digest()).equals(expected)) {
      throw new DamagedFileException("the saved update of " + round + " is damaged");
    }
    return parse(content);
  }

  /** When an update of the job was last written; empty if there is none. */
  public Optional<Instant> lastWritten(JobId job) throws IOException {
    return FileTimes.newest(directory, name -> name.startsWith(job + "."));
  }

  /** Forgets the round's update; nothing happens if there is none. */
  public void delete(RoundId round) throws IOException {
    Files.deleteIfExists(path(round));
  }

  /** Forgets every update but those of {@code wanted}, and what was never finished. */
  public void retain(Collection<RoundId> wanted) throws IOException {
    List<Path> kept = wanted.stream().map(this::path).toList();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!kept.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path path(RoundId round) {
    return directory.resolve(round.job() + "." + round.round() + ".update");
  }

  private static ByteBuffer header(LocalUpdate update) {
    int metrics = update.metrics().size();
    ByteBuffer header =
        ByteBuffer.allocate(
            MAGIC.length + Long.BYTES + Integer.BYTES + metrics * Double.BYTES + Long.BYTES);
    header.put(MAGIC).putLong(update.exampleCount()).putInt(metrics);
    update.metrics().forEach(header::putDouble);
    return header.putLong(update.delta().size()).flip();
  }

  /** Reads what {@link #save} wrote; the hash was checked, so a mismatch is our bug. */
  private static LocalUpdate parse(MemorySegment content) {
    int headLimit = (int) Math.min(content.byteSize(), MappedFile.PIECE_BYTES);
    ByteBuffer head = content.asSlice(0, headLimit).asByteBuffer();
    byte[] magic = new byte[MAGIC.length];
    head.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IllegalStateException("saved update without its magic word");
    }
    long examples = head.getLong();
    int metricCount = head.getInt();
    if (metricCount < 0 || metricCount > Limits.MAX_METRICS) {
      throw new IllegalStateException("saved update with " + metricCount + " metrics");
    }
    List<Double> metrics = new ArrayList<>();
    for (int i = 0; i < metricCount; i++) {
      metrics.add(head.getDouble());
    }
    long parameters = head.getLong();
    MemorySegment floats = content.asSlice(head.position());
    if (floats.byteSize() != parameters * Float.BYTES) {
      throw new IllegalStateException("saved update with a wrong length");
    }
    return new LocalUpdate(FloatVector.view(floats), examples, metrics);
  }

  private static void write(FileChannel file, MessageDigest digest, ByteBuffer bytes)
      throws IOException {
    digest.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
