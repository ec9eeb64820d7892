package org.hanse.core.secagg.site;

import java.util.Optional;
import org.hanse.core.crypto.LinearTag;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.encode.AggregateGates;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;

/**
 * Checks a sum against its root, the keyed tags and the gates, in one pass. Holds one chunk in
 * memory; erased with the attempt. Not thread-safe.
 */
public final class ResultVerifier {
  private final AttemptContext attempt;
  private final SurvivorSet survivors;
  private final TagKey tagKey;
  private final ToSite.Result result;

  /** Takes over {@code tagKey}. */
  ResultVerifier(
      AttemptContext attempt, SurvivorSet survivors, TagKey tagKey, ToSite.Result result) {
    this.attempt = attempt;
    this.survivors = survivors;
    this.tagKey = tagKey;
    this.result = result;
  }

  /**
   * Empty if the sum may be used.
   *
   * @param sum X in chunks of {@link org.hanse.core.plan.Limits#CHUNK_ELEMENTS}; each is read once
   */
  public Optional<SiteRefusal> verify(IntChunks sum) {
    Chunking chunking = attempt.terms().chunking();
    if (!sum.chunking().equals(chunking)) {
      return Optional.of(SiteRefusal.RESULT_FORGED);
    }
    ChunkTree tree = ChunkTree.ofResult(attempt.hash());
    AggregateGates gates =
        new AggregateGates(
            UpdateEncoding.of(attempt.terms().manifest()), survivors.survivors().size());
    AggregateGates.Progress progress = AggregateGates.Progress.START;
    long[] dots = new long[TagKey.TAGS];
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      int[] elements = sum.read(chunk);
      if (elements.length != chunking.elementsIn(chunk)) {
        return Optional.of(SiteRefusal.RESULT_FORGED);
      }
      long firstElement = chunking.firstElement(chunk);
      tree.add(LittleEndian.bytes(elements, chunking.elementBytes()));
      progress = gates.take(progress, chunk, elements);
      for (int tag = 0; tag < TagKey.TAGS; tag++) {
        long part = LinearTag.dot(tagKey.words(tag), elements, firstElement);
        dots[tag] = Mersenne61.add(dots[tag], part);
      }
    }
    if (!tree.root().equals(result.resultRoot())
        || expectedTag(0, dots[0]) != result.tag0()
        || expectedTag(1, dots[1]) != result.tag1()) {
      return Optional.of(SiteRefusal.RESULT_FORGED);
    }
    return gates.finish(progress).map(failure -> SiteRefusal.RESULT_IMPLAUSIBLE);
  }

  /** Whether {@code sum}, as long as it must be, is what the coordinator signed: its root alone. */
  public boolean isSigned(IntChunks sum) {
    ChunkTree tree = ChunkTree.ofResult(attempt.hash());
    int elementBytes = sum.chunking().elementBytes();
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      tree.add(LittleEndian.bytes(sum.read(chunk), elementBytes));
    }
    return tree.root().equals(result.resultRoot());
  }

  /** How many chunks of the sum this site audits before it votes. */
  public int auditChunks() {
    return attempt.terms().manifest().aggregation().auditChunks();
  }

  /**
   * What recomputes chunks of the sum from the uploads; the caller erases it.
   *
   * @param revelation what the coordinator says the releases opened
   * @return empty if these are not the secrets that the sites of U2 committed to, or T0 and T1 are
   *     not the unmasked sums of the tags that the survivors signed
   */
  public Optional<SumAuditor> auditor(Revelation revelation) {
    Optional<Unmasker> opened = revelation.unmasker(attempt, survivors);
    if (opened.isPresent()
        && (opened.get().tag0() != result.tag0() || opened.get().tag1() != result.tag1())) {
      opened.get().erase();
      return Optional.empty();
    }
    return opened.map(unmasker -> new SumAuditor(attempt.hash(), survivors.survivors(), unmasker));
  }

  void erase() {
    tagKey.erase();
  }

  private long expectedTag(int tag, long dot) {
    long sum = dot;
    for (Fingerprint site : survivors.sites()) {
      sum = Mersenne61.add(sum, tagKey.pad(site, tag));
    }
    return sum;
  }
}
