package org.hanse.coordinator.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.hanse.coordinator.storage.Durability.DirectorySync;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.vector.Chunking;

/** The uploads of a job's attempts in progress. Thread-safe. */
public final class UploadStore {
  private final JobFiles files;
  private final Chunking chunking;
  private final DirectorySync names;
  private final Map<Key, UploadSpool> spools = new ConcurrentHashMap<>();
  private final AtomicLong receivedBytes = new AtomicLong();

  private record Key(AttemptId attempt, Fingerprint site) {}

  /**
   * An empty store.
   *
   * @param chunking of the masked vector
   */
  public UploadStore(JobFiles files, Chunking chunking) {
    this(files, chunking, Durability::syncDirectory);
  }

  UploadStore(JobFiles files, Chunking chunking, DirectorySync names) {
    this.files = files;
    this.chunking = chunking;
    this.names = names;
  }

  /**
   * Makes room for the uploads of {@code sites}; what a process before this one has received of
   * them is there already.
   */
  public void open(AttemptId attempt, Hash context, Collection<Fingerprint> sites)
      throws IOException {
    Path uploads = Durability.createDirectories(files.uploads(attempt), names);
    for (Fingerprint site : sites) {
      UploadSpool before = spools.remove(new Key(attempt, site));
      if (before != null) {
        before.handOver();
      }
      UploadSpool spool =
          UploadSpool.open(
              files.upload(attempt, site), new UploadSpool.Terms(context, site, chunking));
      receivedBytes.addAndGet(spool.sizeBytes());
      spools.put(new Key(attempt, site), spool);
    }
    // A commit acknowledges what is in a file; without its name the file is lost.
    names.sync(uploads);
  }

  /** Empty if no upload of this site is wanted, or no longer. */
  public Optional<UploadSpool> find(AttemptId attempt, Fingerprint site) {
    return Optional.ofNullable(spools.get(new Key(attempt, site)));
  }

  /**
   * A commit that was acknowledged by a process before this one: the upload is complete again. If
   * the file does not hold it any more, unmasking will fail.
   */
  public void restoreCommit(AttemptId attempt, Fingerprint site, UploadCommit commit) {
    find(attempt, site).ifPresent(spool -> spool.restoreCommit(commit));
  }

  /** Takes nothing more; what is not a survivor's is deleted. */
  public void stop(AttemptId attempt, Set<Fingerprint> survivors) throws IOException {
    for (Map.Entry<Key, UploadSpool> entry : Map.copyOf(spools).entrySet()) {
      if (!entry.getKey().attempt().equals(attempt)) {
        continue;
      }
      if (survivors.contains(entry.getKey().site())) {
        entry.getValue().stop();
      } else {
        entry.getValue().delete();
        spools.remove(entry.getKey());
      }
    }
  }

  /** Deletes every upload of the attempt. */
  public void discard(AttemptId attempt) throws IOException {
    stop(attempt, Set.of());
  }

  /** The attempt's uploads stay on the disk and are nobody's here any more. */
  public void leave(AttemptId attempt) throws IOException {
    for (Key key : Set.copyOf(spools.keySet())) {
      UploadSpool spool = key.attempt().equals(attempt) ? spools.remove(key) : null;
      if (spool != null) {
        spool.keep();
      }
    }
  }

  /** Deletes every upload of every attempt but one. */
  public void discardAllBut(Optional<AttemptId> kept) throws IOException {
    for (Key key : Set.copyOf(spools.keySet())) {
      if (!kept.equals(Optional.of(key.attempt()))) {
        discard(key.attempt());
      }
    }
  }

  /** Reads the survivors' chunks for unmasking. */
  public Unmasker.UploadReader reader(AttemptId attempt) {
    return (site, chunk) -> {
      UploadSpool spool = spools.get(new Key(attempt, site));
      if (spool == null) {
        throw new UncheckedIOException(new IOException("the upload was discarded"));
      }
      try {
        return spool.read(chunk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /**
   * Reads the attempt's uploads once more.
   *
   * @throws IOException if one of them is not what it was
   */
  public void requireIntact(AttemptId attempt) throws IOException {
    for (Map.Entry<Key, UploadSpool> entry : spools.entrySet()) {
      if (entry.getKey().attempt().equals(attempt)) {
        entry.getValue().requireIntact();
      }
    }
  }

  /** Counts bytes of vectors as they come in. */
  public void countReceived(long bytes) {
    receivedBytes.addAndGet(bytes);
  }

  /** Bytes counted since the last call. */
  public long takeReceivedBytes() {
    return receivedBytes.getAndSet(0);
  }
}
