package org.hanse.wire.value;

import java.util.List;
import org.hanse.core.plan.Hash;

/**
 * A chunk of a survivor's upload; nothing is checked yet.
 *
 * @param data little-endian elements of 2 or 4 bytes; not copied
 * @param path Merkle proof from leaf to root
 */
@SuppressWarnings("ArrayRecordComponent") // on its way, compared by nobody
public record UploadedChunk(byte[] data, List<Hash> path) {
  public UploadedChunk {
    path = List.copyOf(path);
  }
}
