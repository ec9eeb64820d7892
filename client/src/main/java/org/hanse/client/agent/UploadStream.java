package org.hanse.client.agent;

import org.hanse.core.secagg.FromSite;
import org.hanse.wire.value.UploadProgress;

/** One stream of chunks, for one thread. Closing before the commit cancels it. */
public interface UploadStream extends AutoCloseable {

  /**
   * Sends the next chunk as soon as the connection takes more: at most one chunk waits in memory.
   *
   * @param index first the number of chunks that are stored, then consecutive
   * @param chunk not changed afterwards
   */
  void send(long index, byte[] chunk) throws CoordinatorException, InterruptedException;

  /** Ends the upload; returns when the coordinator has stored it durably. */
  UploadProgress commit(FromSite.UploadCommit commit)
      throws CoordinatorException, InterruptedException;

  @Override
  void close();
}
