package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;

/**
 * The coordinator as a site sees it: one try of one call each, no retries. Repeating a call does no
 * harm. Thread-safe. A thread that is interrupted gets an {@link InterruptedException}.
 */
public interface Coordinator {

  /** Before the next try after a broken connection: connect at once, whatever was tried before. */
  void reconnect();

  /** First call, and again whenever the coordinator asks for it. */
  Greeting.Welcome hello(Greeting.Hello hello) throws CoordinatorException, InterruptedException;

  /**
   * The next item beyond the positions, or nothing.
   *
   * @param atMost how long to wait for an answer
   */
  Optional<Work> nextWork(List<WorkPosition> positions, Duration atMost)
      throws CoordinatorException, InterruptedException;

  /** The exact bytes of a job's manifest; nothing is checked yet. */
  Bytes manifest(JobId job) throws CoordinatorException, InterruptedException;

  void report(RoundReport report) throws CoordinatorException, InterruptedException;

  /** Any message of the protocol but M5, which is uploaded. */
  void send(AttemptMessage message) throws CoordinatorException, InterruptedException;

  /** How much of this site's upload is stored. */
  UploadProgress uploadProgress(AttemptId attempt)
      throws CoordinatorException, InterruptedException;

  /** Begins or goes on with an upload. */
  UploadStream upload(AttemptId attempt, Duration atMost);

  /**
   * Fetches a vector's bytes from an offset to its end, in order.
   *
   * @throws IOException only what {@code sink} throws
   */
  void download(DownloadRequest request, Duration atMost, PieceSink sink)
      throws CoordinatorException, InterruptedException, IOException;

  /** What the releases of an attempt opened; nothing is checked yet. */
  Revelation revelation(AttemptId attempt) throws CoordinatorException, InterruptedException;

  /** A chunk of a survivor's upload with its proof; nothing is checked yet. */
  UploadedChunk uploadedChunk(ChunkRequest request)
      throws CoordinatorException, InterruptedException;

  /** Takes what arrives. */
  interface PieceSink {
    void accept(DataPiece piece) throws IOException;
  }
}
