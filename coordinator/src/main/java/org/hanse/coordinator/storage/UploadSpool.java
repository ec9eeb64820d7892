package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.core.vector.Chunking;
import org.hanse.wire.value.UploadedChunk;

/**
 * One site's upload in one attempt: a file to which chunks are appended in order while they are
 * hashed. Thread-safe; only the stream that claimed the spool last may write.
 */
public final class UploadSpool {
  private final Path file;
  private final Terms terms;
  private final FileChannel channel;
  private final ChunkTree tree;
  private final List<Hash> leaves = new ArrayList<>();
  private Optional<UploadCommit> committed = Optional.empty();
  private long syncedChunks;
  private long claims;
  private boolean stopped;

  /**
   * What is uploaded.
   *
   * @param context of the attempt, enters every leaf hash
   */
  public record Terms(Hash context, Fingerprint site, Chunking chunking) {}

  /** What became of a chunk or a commit. */
  public enum Result {
    /** Stored; for a commit: durable. */
    STORED,
    /** These very bytes were there already. */
    REPEATED,
    /** Other bytes were there already. */
    DIFFERENT_REPEAT,
    /** Not the next chunk. */
    OUT_OF_ORDER,
    /** Not the size that this chunk, or the whole, must have. */
    WRONG_LENGTH,
    /** The commit names another root than that of the stored chunks. */
    WRONG_ROOT,
    /** A later stream of the same site has taken over. */
    SUPERSEDED,
    /** The step is over. */
    LATE
  }

  UploadSpool(Path file, Terms terms, FileChannel channel) {
    this.file = file;
    this.terms = terms;
    this.channel = channel;
    this.tree = ChunkTree.ofUpload(terms.context(), terms.site());
  }

  static UploadSpool create(Path file, Terms terms) throws IOException {
    return new UploadSpool(file, terms, Durability.createNew(file));
  }

  /** Takes the spool over for one stream; the number is its key to write. */
  public synchronized long claim() {
    return ++claims;
  }

  /** Appends the chunk at {@code index}. */
  public synchronized Result append(long claim, long index, byte[] chunk) throws IOException {
    Chunking chunking = terms.chunking();
    if (stopped) {
      return Result.LATE;
    }
    if (claim != claims) {
      return Result.SUPERSEDED;
    }
    if (index < 0 || index > leaves.size() || index >= chunking.chunkCount()) {
      return Result.OUT_OF_ORDER;
    }
    if (chunk.length != chunking.sizeBytes(index)) {
      return Result.WRONG_LENGTH;
    }
    Hash leaf = tree.leaf(index, chunk);
    if (index < leaves.size()) {
      return leaf.equals(leaves.get((int) index)) ? Result.REPEATED : Result.DIFFERENT_REPEAT;
    }
    Durability.writeFully(channel, ByteBuffer.wrap(chunk), chunking.firstByte(index));
    tree.addLeaf(leaf);
    leaves.add(leaf);
    return Result.STORED;
  }

  /** Ends the upload: on {@code STORED} all chunks are on the disk and have the root named. */
  public synchronized Result commit(long claim, UploadCommit commit) throws IOException {
    if (committed.isPresent()) {
      return committed.get().equals(commit) ? Result.REPEATED : Result.DIFFERENT_REPEAT;
    }
    if (stopped) {
      return Result.LATE;
    }
    if (claim != claims) {
      return Result.SUPERSEDED;
    }
    Chunking chunking = terms.chunking();
    if (commit.lengthElements() != chunking.lengthElements()
        || commit.chunkCount() != chunking.chunkCount()) {
      return Result.WRONG_LENGTH;
    }
    if (leaves.size() != chunking.chunkCount()) {
      return Result.OUT_OF_ORDER;
    }
    if (!tree.root().equals(commit.root())) {
      return Result.WRONG_ROOT;
    }
    channel.force(true);
    committed = Optional.of(commit);
    return Result.STORED;
  }

  /** Chunks on the disk, from the first on. */
  public synchronized long storedChunks() throws IOException {
    if (committed.isEmpty() && !stopped && syncedChunks < leaves.size()) {
      channel.force(false);
      syncedChunks = leaves.size();
    }
    return leaves.size();
  }

  public synchronized boolean committed() {
    return committed.isPresent();
  }

  /** One stored chunk; thread-safe beside other reads. */
  byte[] read(long chunk) throws IOException {
    byte[] bytes = new byte[terms.chunking().sizeBytes(chunk)];
    Durability.readFully(channel, ByteBuffer.wrap(bytes), terms.chunking().firstByte(chunk));
    return bytes;
  }

  /** A chunk of a committed upload with its Merkle proof; empty if there is none of this number. */
  Optional<UploadedChunk> proven(long chunk) throws IOException {
    List<Hash> path;
    synchronized (this) {
      if (committed.isEmpty() || chunk >= leaves.size() || !channel.isOpen()) {
        return Optional.empty();
      }
      path = MerkleTree.proof(leaves, chunk);
    }
    try {
      return Optional.of(new UploadedChunk(read(chunk), path));
    } catch (ClosedChannelException e) {
      return Optional.empty(); // discarded meanwhile
    }
  }

  /** Takes nothing more; the file stays. */
  synchronized void close() throws IOException {
    stopped = true;
    channel.close();
  }

  /** Takes nothing more. */
  synchronized void stop() {
    stopped = true;
  }

  synchronized void delete() throws IOException {
    stopped = true;
    channel.close();
    Files.deleteIfExists(file);
  }
}
