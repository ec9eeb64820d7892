package org.hanse.client.agent;

import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import org.hanse.client.storage.PartialFile;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.DownloadRequest;

/** Fetches models and sums, from the byte where the last try broke off. */
final class VectorTransfers {
  private final CoordinatorLink link;
  private final SiteStores stores;

  VectorTransfers(CoordinatorLink link, SiteStores stores) {
    this.link = link;
    this.stores = stores;
  }

  /**
   * A model, from disk or from the coordinator. Bytes of an earlier run that do not add up to it
   * are fetched once more from the beginning.
   *
   * @return empty if what the coordinator gave does not have the hash
   */
  Optional<FloatVector> model(JobId job, Hash hash, long parameterCount, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Optional<FloatVector> here =
        stores.models().find(job, hash).filter(model -> model.size() == parameterCount);
    if (here.isPresent()) {
      return here;
    }
    long sizeBytes = Math.multiplyExact(parameterCount, Float.BYTES);
    boolean resumed;
    Optional<FloatVector> fetched;
    do {
      try (PartialFile file = stores.models().download(job, hash, sizeBytes)) {
        resumed = file.sizeBytes() > 0;
        fetch(file, offset -> new DownloadRequest.Model(job, hash, offset), patience);
        fetched = stores.models().finish(job, hash, file);
      }
    } while (fetched.isEmpty() && resumed); // a mismatch leaves no bytes behind
    return fetched;
  }

  /** The sum of an attempt; nothing is checked yet. */
  IntChunks sum(AttemptId attempt, Chunking chunking, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    try (PartialFile file = stores.results().download(attempt, chunking)) {
      fetch(file, offset -> new DownloadRequest.Result(attempt, offset), patience);
    }
    return stores.results().open(attempt, chunking);
  }

  private void fetch(PartialFile file, RequestFrom request, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    if (file.isComplete()) {
      return;
    }
    link.send(patience, coordinator -> fetchRest(coordinator, file, request, patience));
  }

  private static void fetchRest(
      Coordinator coordinator, PartialFile file, RequestFrom request, Patience patience)
      throws CoordinatorException, InterruptedException, IOException {
    try {
      coordinator.download(
          request.at(file.sizeBytes()),
          patience.remaining(),
          piece -> {
            if (!file.append(piece.offsetBytes(), piece.data())) {
              throw new MisplacedPieceException();
            }
          });
    } catch (MisplacedPieceException e) {
      throw CoordinatorException.violation("bytes came at the wrong place", e);
    }
    if (!file.isComplete()) {
      throw CoordinatorException.failed(
          Duty.RETRY,
          "only " + file.sizeBytes() + " of " + file.expectedBytes() + " bytes came",
          new IllegalStateException("short transfer"));
    }
  }

  private interface RequestFrom {
    DownloadRequest at(long offsetBytes);
  }

  /** Ends a download whose bytes do not follow each other. */
  private static final class MisplacedPieceException extends IOException {
    @Serial private static final long serialVersionUID = 1;
  }
}
