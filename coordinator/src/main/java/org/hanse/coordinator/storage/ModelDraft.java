package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.hanse.core.crypto.MerkleRootBuilder;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.vector.Chunking;
import org.jspecify.annotations.Nullable;

/**
 * A model that is being written, hashed on the way. Pieces may come in any order and from several
 * threads; {@link #close} deletes what was not published.
 */
public final class ModelDraft implements Closeable {
  private final Path draft;
  private final Path directory;
  private final Chunking pieces;
  private final FileChannel channel;
  private final @Nullable Hash[] leaves;

  private ModelDraft(Path draft, Path directory, long sizeBytes, FileChannel channel) {
    this.draft = draft;
    this.directory = directory;
    this.pieces = new Chunking(sizeBytes, ModelHash.PIECE_BYTES, Byte.BYTES);
    this.channel = channel;
    this.leaves = new Hash[Math.toIntExact(pieces.chunkCount())];
  }

  static ModelDraft create(Path draft, Path directory, long sizeBytes) throws IOException {
    return new ModelDraft(
        draft, directory, sizeBytes, FileChannel.open(draft, StandardOpenOption.WRITE));
  }

  /** How the model is cut into pieces, in bytes. */
  public Chunking pieces() {
    return pieces;
  }

  /**
   * Writes one piece, 2^20 bytes but for the last.
   *
   * @throws IllegalArgumentException if it has another size
   */
  public void write(long piece, byte[] bytes) throws IOException {
    if (bytes.length != pieces.elementsIn(piece)) {
      throw new IllegalArgumentException(
          "piece " + piece + " of " + bytes.length + " bytes, not " + pieces.elementsIn(piece));
    }
    Hash leaf = ModelHash.leaf(piece, MemorySegment.ofArray(bytes));
    Durability.writeFully(channel, ByteBuffer.wrap(bytes), pieces.firstElement(piece));
    synchronized (leaves) {
      leaves[(int) piece] = leaf;
    }
  }

  /**
   * The hash of what was written.
   *
   * @throws IllegalStateException if pieces are missing
   */
  public Hash hash() {
    MerkleRootBuilder root = new MerkleRootBuilder();
    synchronized (leaves) {
      for (Hash leaf : leaves) {
        if (leaf == null) {
          throw new IllegalStateException(
              "pieces are missing among " + Arrays.asList(leaves).size());
        }
        root.add(leaf);
      }
    }
    return root.root();
  }

  /** Gives the model its name; on return it is durable. */
  public Hash publish() throws IOException {
    Hash hash = hash();
    channel.force(true);
    channel.close();
    Durability.publish(draft, directory.resolve(hash.toHex()));
    return hash;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(draft);
  }
}
