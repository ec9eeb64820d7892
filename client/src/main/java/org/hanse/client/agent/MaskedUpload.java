package org.hanse.client.agent;

import java.io.IOException;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.IntChunks;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.UploadProgress;
import org.jspecify.annotations.Nullable;

/**
 * Sends one masked vector. The first pass masks and sends at once; where a connection breaks, the
 * chunks that are not stored are masked again, to the same bytes. For one thread.
 */
final class MaskedUpload implements AutoCloseable {
  private final CoordinatorLink link;
  private final AttemptId attempt;
  private final UploadMasker masker;
  private final IntChunks encoded;
  private final Patience patience;

  /** The stream under way, and the chunk it takes next. */
  private @Nullable UploadStream stream;

  private long nextChunk;

  MaskedUpload(
      CoordinatorLink link,
      AttemptId attempt,
      UploadMasker masker,
      IntChunks encoded,
      Patience patience) {
    this.link = link;
    this.attempt = attempt;
    this.masker = masker;
    this.encoded = encoded;
    this.patience = patience;
  }

  /** Masks the whole vector and sends what it can. */
  SiteInput.UploadSummary maskAndSend()
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    link.send(patience, coordinator -> stream = coordinator.upload(attempt, patience.remaining()));
    FirstPass pass = new FirstPass();
    SiteInput.UploadSummary summary = masker.maskAll(encoded, pass);
    if (pass.interrupted) {
      throw new InterruptedException();
    }
    if (patience.isOver()) {
      throw new GaveUpException("masking took too long");
    }
    return summary;
  }

  /** Sends what is not stored yet, then the commit; returns when it is acknowledged. */
  void finish(FromSite.UploadCommit commit)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    link.send(
        patience,
        coordinator -> {
          try {
            UploadStream open = stream == null ? resume(coordinator) : stream;
            if (open == null) {
              return; // committed before the connection broke
            }
            while (nextChunk < commit.chunkCount()) {
              open.send(nextChunk, masker.maskedChunk(encoded, nextChunk));
              nextChunk++;
            }
            UploadProgress stored = open.commit(commit);
            if (!stored.committed()) {
              throw CoordinatorException.failed(
                  Duty.RETRY, "the upload was not taken", new IllegalStateException("no commit"));
            }
          } catch (CoordinatorException e) {
            throw resumable(e);
          } finally {
            close();
          }
        });
  }

  /** A stream from where the coordinator's copy ends; null if it is complete and committed. */
  private @Nullable UploadStream resume(Coordinator coordinator)
      throws CoordinatorException, InterruptedException {
    UploadProgress progress = coordinator.uploadProgress(attempt);
    if (progress.committed()) {
      return null;
    }
    nextChunk = progress.storedChunks();
    UploadStream resumed = coordinator.upload(attempt, patience.remaining());
    stream = resumed;
    return resumed;
  }

  /** A stream that lost its place is worth another one. */
  private static CoordinatorException resumable(CoordinatorException e) {
    return e.duty() == Duty.RESUME
        ? CoordinatorException.failed(Duty.RETRY, String.valueOf(e.getMessage()), e)
        : e;
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  /** Sends while the masker goes through the vector; after a failure it only masks. */
  private final class FirstPass implements UploadMasker.ChunkSink {
    private boolean interrupted;

    @Override
    public void accept(long chunk, byte[] littleEndian) {
      if (stream == null || interrupted || patience.isOver()) {
        return;
      }
      try {
        stream.send(chunk, littleEndian);
        nextChunk = chunk + 1;
      } catch (CoordinatorException e) {
        close();
      } catch (InterruptedException e) {
        interrupted = true;
        close();
      }
    }
  }
}
