package org.hanse.coordinator.storage;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.UploadedChunk;

/**
 * What sites may see of an attempt to audit its sum: what its releases opened, and the survivors'
 * masked uploads. Thread-safe.
 */
public final class AuditStore {
  private final UploadStore uploads;
  private final Map<AttemptId, Revelation> open = new HashMap<>();

  public AuditStore(UploadStore uploads) {
    this.uploads = uploads;
  }

  /** From now on the attempt may be audited; takes {@code revelation} over. */
  public synchronized void open(AttemptId attempt, Revelation revelation) {
    Revelation before = open.put(attempt, revelation);
    if (before != null) {
      before.erase();
    }
  }

  /** Nobody can audit the attempt any longer. */
  public synchronized void close(AttemptId attempt) {
    Revelation revelation = open.remove(attempt);
    if (revelation != null) {
      revelation.erase();
    }
  }

  /** A copy for the caller; empty unless the attempt may be audited now. */
  public synchronized Optional<Revelation> revelation(AttemptId attempt) {
    return Optional.ofNullable(open.get(attempt)).map(Revelation::copy);
  }

  /** Empty if the attempt may not be audited now, or there is no such survivor or chunk. */
  public Optional<UploadedChunk> chunk(ChunkRequest request) throws IOException {
    synchronized (this) {
      if (!open.containsKey(request.attempt())) {
        return Optional.empty();
      }
    }
    Optional<UploadSpool> spool = uploads.find(request.attempt(), request.site());
    return spool.isPresent() ? spool.get().proven(request.index()) : Optional.empty();
  }
}
