package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AuditSample;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.core.secagg.site.ResultVerifier;
import org.hanse.core.vector.IntChunks;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.UploadedChunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recomputes random chunks of a sum from the survivors' uploads: what binds a coordinator that
 * shares a site's knowledge. Holds a chunk or two in memory.
 */
final class SumAudit {
  private static final Logger LOG = LoggerFactory.getLogger(SumAudit.class);

  /** In which a site that was away hears of what came meanwhile. */
  private static final Duration HEARING = Duration.ofSeconds(5);

  private final AttemptId attempt;
  private final CoordinatorLink link;
  private final RandomGenerator random;

  SumAudit(AttemptId attempt, CoordinatorLink link, RandomGenerator random) {
    this.attempt = attempt;
    this.link = link;
    this.random = random;
  }

  /**
   * False also if the coordinator does not show what it takes.
   *
   * @param newer whether something newer came up: then a coordinator that was restarted may have
   *     nothing of this round any more, and nobody waits for this site's word
   * @throws GaveUpException also in this case
   */
  boolean proves(ResultVerifier verifier, IntChunks sum, Patience patience, BooleanSupplier newer)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    try {
      Revelation revelation = link.call(patience, c -> c.revelation(attempt));
      Optional<SumAuditor> auditor = verifier.auditor(revelation);
      revelation.erase();
      if (auditor.isEmpty()) {
        LOG.warn(
            "{}: the secrets shown, or the tags of the sum, are not those that were committed to",
            attempt);
        return false;
      }
      try {
        return proves(auditor.get(), sum, verifier.auditChunks(), patience);
      } finally {
        auditor.get().erase();
      }
    } catch (CoordinatorException e) {
      if (!e.reason().equals(Optional.of(ErrorReason.AUDIT_UNAVAILABLE))) {
        throw e;
      }
      if (link.waitFor(newer, HEARING)) {
        throw new GaveUpException("the round is over, and nothing is left to audit");
      }
      LOG.warn("{}: the coordinator shows nothing to audit", attempt);
      return false;
    }
  }

  private boolean proves(SumAuditor auditor, IntChunks sum, int wanted, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    for (long chunk :
        AuditSample.choose(sum.chunking().chunkCount(), wanted, bound -> random.nextLong(bound))) {
      SumAuditor.ChunkAudit audit = auditor.begin(chunk);
      for (Fingerprint survivor : auditor.survivors()) {
        ChunkRequest request = new ChunkRequest(attempt, survivor, chunk);
        UploadedChunk uploaded = link.call(patience, c -> c.uploadedChunk(request));
        if (!audit.add(uploaded.data(), uploaded.path())) {
          LOG.warn("{}: chunk {} of {} is not what it signed", attempt, chunk, survivor);
          return false;
        }
      }
      if (!audit.confirms(sum.read(chunk))) {
        LOG.warn("{}: chunk {} of the sum is not that of the uploads", attempt, chunk);
        return false;
      }
    }
    return true;
  }
}
