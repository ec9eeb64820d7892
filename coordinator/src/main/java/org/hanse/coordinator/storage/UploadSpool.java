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
 * hashed, and beside it a file of their hashes, so that a later process knows which chunks are
 * whole. Thread-safe; only the stream that claimed the spool last may write.
 */
public final class UploadSpool {
  private static final String HASHES = ".hashes";

  private final Path file;
  private final Terms terms;
  private final FileChannel channel;
  private final FileChannel hashes;
  private final ChunkTree tree;
  private final List<Hash> leaves = new ArrayList<>();
  private Optional<UploadCommit> committed = Optional.empty();
  private boolean acknowledged;
  private long syncedChunks;
  private long claims;
  private boolean stopped;
  private volatile boolean damaged;

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

  UploadSpool(Path file, Terms terms, FileChannel channel, FileChannel hashes) {
    this.file = file;
    this.terms = terms;
    this.channel = channel;
    this.hashes = hashes;
    this.tree = ChunkTree.ofUpload(terms.context(), terms.site());
  }

  /** Empty, or with the whole chunks that {@code file} holds. */
  static UploadSpool open(Path file, Terms terms) throws IOException {
    UploadSpool spool =
        new UploadSpool(
            file, terms, Durability.openOrCreate(file), Durability.openOrCreate(hashesOf(file)));
    spool.restoreChunks();
    return spool;
  }

  private static Path hashesOf(Path file) {
    return file.resolveSibling(file.getFileName() + HASHES);
  }

  static boolean isHashes(Path file) {
    return file.toString().endsWith(HASHES);
  }

  /** Chunks count from the first on while each has the hash that was written when it came. */
  private void restoreChunks() throws IOException {
    Chunking chunking = terms.chunking();
    long known = Math.min(chunking.chunkCount(), hashes.size() / Hash.SIZE_BYTES);
    long sizeBytes = channel.size();
    for (long i = 0; i < known; i++) {
      if (chunking.firstByte(i) + chunking.sizeBytes(i) > sizeBytes) {
        break;
      }
      byte[] expected = new byte[Hash.SIZE_BYTES];
      Durability.readFully(hashes, ByteBuffer.wrap(expected), i * Hash.SIZE_BYTES);
      Hash leaf = tree.leaf(i, read(i));
      if (!leaf.equals(Hash.of(expected))) {
        break;
      }
      tree.addLeaf(leaf);
      leaves.add(leaf);
    }
  }

  /** Bytes of the chunks here. */
  synchronized long sizeBytes() {
    long last = leaves.size() - 1L;
    return last < 0 ? 0 : terms.chunking().firstByte(last) + terms.chunking().sizeBytes(last);
  }

  /**
   * As {@link #commit} of a process before this one. If the chunks are not those any more, none can
   * be read.
   */
  synchronized void restoreCommit(UploadCommit commit) {
    damaged = leaves.size() != terms.chunking().chunkCount() || !tree.root().equals(commit.root());
    committed = Optional.of(commit);
    acknowledged = true;
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
    Durability.writeFully(
        hashes, ByteBuffer.wrap(leaf.bytes().toByteArray()), index * Hash.SIZE_BYTES);
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
    hashes.force(true);
    committed = Optional.of(commit);
    return Result.STORED;
  }

  /** Chunks on the disk, from the first on. */
  public synchronized long storedChunks() throws IOException {
    if (committed.isEmpty() && !stopped && syncedChunks < leaves.size()) {
      channel.force(false);
      hashes.force(false);
      syncedChunks = leaves.size();
    }
    return leaves.size();
  }

  /** The round has taken the commit, durably: from now on the upload counts. */
  public synchronized void acknowledge() {
    acknowledged = true;
  }

  /** Whether the site may be told that it is done. */
  public synchronized boolean acknowledged() {
    return acknowledged;
  }

  /** One stored chunk; thread-safe beside other reads. */
  byte[] read(long chunk) throws IOException {
    if (damaged) {
      throw isDamaged();
    }
    byte[] bytes = new byte[terms.chunking().sizeBytes(chunk)];
    Durability.readFully(channel, ByteBuffer.wrap(bytes), terms.chunking().firstByte(chunk));
    return bytes;
  }

  /**
   * Reads every chunk once more.
   *
   * @throws IOException if one is not what it was
   */
  synchronized void requireIntact() throws IOException {
    for (int i = 0; i < leaves.size(); i++) {
      if (!tree.leaf(i, read(i)).equals(leaves.get(i))) {
        damaged = true;
        throw isDamaged();
      }
    }
  }

  private IOException isDamaged() {
    return new IOException("the upload of " + terms.site() + " is not what it was");
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

  /** Another spool of this upload takes over: who writes here tries again and finds that one. */
  synchronized void handOver() throws IOException {
    claims++;
    channel.close();
    hashes.close();
  }

  /** Takes nothing more; the upload stays, for whoever reads files. */
  synchronized void keep() throws IOException {
    close();
    Files.deleteIfExists(hashesOf(file));
  }

  /** Takes nothing more; what is here stays. */
  synchronized void close() throws IOException {
    stopped = true;
    channel.close();
    hashes.close();
  }

  /** Takes nothing more. */
  synchronized void stop() {
    stopped = true;
  }

  synchronized void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
    Files.deleteIfExists(hashesOf(file));
  }
}
