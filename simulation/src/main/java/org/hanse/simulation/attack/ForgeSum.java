package org.hanse.simulation.attack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.ToSite;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Start;
import org.hanse.wire.value.WorkContent.Step;

/**
 * Another sum than that of the uploads, for all sites alike. Root and signature are made anew with
 * the coordinator's own key, so that nothing but the keyed tags can tell.
 */
final class ForgeSum implements Script {
  private final Backstage backstage;
  private final Forgery forgery;
  private final Map<AttemptId, Start> starts = new HashMap<>();
  private final Map<AttemptId, Sum> forged = new HashMap<>();

  /** What is handed out in place of the right sum. */
  @FunctionalInterface
  interface Forgery {
    Sum forge(Sum honest);
  }

  /**
   * A sum and what the coordinator says its tags are.
   *
   * @param tag0 0 to 2^61-2
   * @param tag1 0 to 2^61-2
   */
  record Sum(List<Integer> elements, long tag0, long tag1) {
    Sum {
      elements = List.copyOf(elements);
    }

    static Sum of(byte[] littleEndian, long tag0, long tag1) {
      int[] elements = new int[littleEndian.length / Integer.BYTES];
      ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(elements);
      return new Sum(Arrays.stream(elements).boxed().toList(), tag0, tag1);
    }

    byte[] littleEndian() {
      ByteBuffer bytes =
          ByteBuffer.allocate(elements.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      elements.forEach(bytes::putInt);
      return bytes.array();
    }

    /** With the same tags. */
    Sum withElement(int index, int value) {
      Integer[] changed = elements.toArray(Integer[]::new);
      changed[index] = value;
      return new Sum(List.of(changed), tag0, tag1);
    }
  }

  ForgeSum(Backstage backstage) {
    this(backstage, honest -> honest.withElement(0, honest.elements().getFirst() + 1_000_000));
  }

  ForgeSum(Backstage backstage, Forgery forgery) {
    this.backstage = backstage;
    this.forgery = forgery;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (honest.content() instanceof Start start) {
      synchronized (this) {
        starts.put(honest.attempt(), start);
      }
    }
    return honest.content() instanceof Step(ToSite.Result result)
        ? new Work(
            honest.position(),
            honest.deadlineSeconds(),
            new Step(signed(honest.attempt(), sum(site, honest.attempt(), result), result)))
        : honest;
  }

  private Sum sum(SiteId site, AttemptId attempt, ToSite.Result result) {
    Sum honest = Sum.of(backstage.sum(attempt), result.tag0(), result.tag1());
    Sum handedOut;
    synchronized (this) {
      handedOut = forged.computeIfAbsent(attempt, a -> forgery.forge(honest));
    }
    if (!handedOut.equals(honest)) {
      backstage.tell(
          "hands %s another sum than that of the uploads, signed with its own key".formatted(site));
    }
    return handedOut;
  }

  /** M10 as docs/protocol.md has it signed, over the forged sum. */
  private ToSite.Result signed(AttemptId attempt, Sum sum, ToSite.Result honest) {
    Hash context = context(attempt);
    ChunkTree tree = ChunkTree.ofResult(context);
    byte[] bytes = sum.littleEndian();
    int chunk = Limits.CHUNK_ELEMENTS * Integer.BYTES;
    for (int start = 0; start < bytes.length; start += chunk) {
      tree.add(Arrays.copyOfRange(bytes, start, Math.min(start + chunk, bytes.length)));
    }
    SigningKey key = backstage.signingKey();
    byte[] head =
        new Fields()
            .text("flsa1/sig/result")
            .hash(context)
            .fingerprint(key.fingerprint())
            .toByteArray();
    byte[] body =
        new Fields()
            .hash(honest.statement())
            .hash(tree.root())
            .u64(sum.tag0())
            .u64(sum.tag1())
            .toByteArray();
    Bytes signature =
        key.sign(ByteBuffer.allocate(head.length + body.length).put(head).put(body).array());
    return new ToSite.Result(
        honest.statement(), tree.root(), sum.tag0(), sum.tag1(), key.publicKey(), signature);
  }

  private Hash context(AttemptId attempt) {
    Cast cast = Cast.of(backstage, attempt.round().job());
    Start start;
    synchronized (this) {
      start = starts.get(attempt);
    }
    if (start == null) {
      throw new IllegalStateException("a result before the attempt's start");
    }
    List<Fingerprint> roster = start.certificates().stream().map(Cast::holder).toList();
    return Contexts.attempt(
        cast.manifest().aggregation().suite(), attempt, start.modelHash(), cast.planHash(), roster);
  }

  @Override
  public synchronized DataPiece sum(SiteId site, AttemptId attempt, DataPiece honest) {
    Sum handedOut = forged.get(attempt);
    if (handedOut == null) {
      return honest;
    }
    int from = Math.toIntExact(honest.offsetBytes());
    return new DataPiece(
        honest.offsetBytes(),
        Arrays.copyOfRange(handedOut.littleEndian(), from, from + honest.data().length));
  }
}
