package org.hanse.client.agent;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.vector.Chunking;

/** What each site has uploaded in the attempt under way. */
final class FakeSpool {
  private final Chunking chunking;
  private final Map<Fingerprint, ByteArrayOutputStream> uploads = new HashMap<>();

  FakeSpool(Chunking chunking) {
    this.chunking = chunking;
  }

  void clear() {
    uploads.clear();
  }

  void append(Fingerprint site, byte[] littleEndian) {
    upload(site).writeBytes(littleEndian);
  }

  long sizeBytes(Fingerprint site) {
    return upload(site).size();
  }

  byte[] read(Fingerprint site, long chunk) {
    int start = (int) chunking.firstByte(chunk);
    return Arrays.copyOfRange(upload(site).toByteArray(), start, start + chunking.sizeBytes(chunk));
  }

  /** Whether what is stored has the length and the root that the commit names. */
  boolean matches(Fingerprint site, FromSite.UploadCommit commit, Hash context) {
    if (sizeBytes(site) != chunking.lengthBytes()) {
      return false;
    }
    ChunkTree tree = ChunkTree.ofUpload(context, site);
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      tree.add(read(site, chunk));
    }
    return tree.root().equals(commit.root());
  }

  private ByteArrayOutputStream upload(Fingerprint site) {
    return uploads.computeIfAbsent(site, _ -> new ByteArrayOutputStream());
  }
}
