package org.hanse.client.update;

import java.nio.ByteBuffer;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;

/** What fixes every random choice of one site's training in one round. */
public final class TrainingSeed {
  private TrainingSeed() {}

  /**
   * The first 8 bytes, big-endian, of H("hanse/training-seed", u64 job seed, site, u64 round): not
   * of the attempt, the roster or the clock, so that a retry changes nothing.
   *
   * @param jobSeed the manifest's
   */
  public static long of(long jobSeed, SiteId site, RoundId round) {
    Fields fields = new Fields().u64(jobSeed).text(site.value()).u64(round.round());
    byte[] hash = LabelledHash.hash("hanse/training-seed", fields).bytes().toByteArray();
    return ByteBuffer.wrap(hash).getLong();
  }
}
