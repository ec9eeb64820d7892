package org.hanse.coordinator.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.coordinator.storage.ModelDraft;
import org.hanse.coordinator.storage.SumDraft;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.core.crypto.MerkleRootBuilder;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.AggregateDecoder;
import org.hanse.core.encode.AggregateGates;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.LittleEndian;

/**
 * Unmasks one attempt's sum and applies it to the model, chunk by chunk: a window of chunks is
 * worked on in parallel, so memory does not grow with the model.
 */
final class SumApplication {
  /** Chunks in memory at once, some MiB each. */
  private static final int WINDOW_CHUNKS = 8;

  private final Sources sources;
  private final Targets targets;
  private final Rules rules;
  private final ExecutorService workers;
  private final AtomicBoolean cancelled;

  /**
   * What is read.
   *
   * @param check throws where an upload is not what it was
   * @param base the model's hash
   */
  record Sources(
      Unmasker unmasker,
      Unmasker.UploadReader uploads,
      UploadCheck check,
      VectorFile model,
      Hash base) {}

  /** Reads all uploads again. */
  interface UploadCheck {
    void run() throws IOException;
  }

  /** What is written. */
  record Targets(SumDraft sum, ModelDraft model) {}

  /**
   * How the sum is read and used.
   *
   * @param context of the attempt
   * @param encodingContext of the round
   */
  record Rules(
      UpdateEncoding encoding, ServerOptimizer optimizer, Hash context, Hash encodingContext) {}

  SumApplication(
      Sources sources,
      Targets targets,
      Rules rules,
      ExecutorService workers,
      AtomicBoolean cancelled) {
    this.sources = sources;
    this.targets = targets;
    this.rules = rules;
    this.workers = workers;
    this.cancelled = cancelled;
  }

  /**
   * Nothing is anybody's fault that a damaged file explains.
   *
   * @throws IOException also if an upload or the model is not what it was
   */
  AppliedSum run() throws IOException, InterruptedException {
    AggregateGates gates =
        new AggregateGates(rules.encoding(), sources.unmasker().survivors().size());
    AggregateGates.Progress progress = AggregateGates.Progress.START;
    ChunkTree tree = ChunkTree.ofResult(rules.context());
    Chunking chunking = sources.unmasker().chunking();
    for (long first = 0; first < chunking.chunkCount(); first += WINDOW_CHUNKS) {
      for (Summed summed : window(first, chunking, chunk -> sum(chunk, tree))) {
        progress = gates.take(progress, summed.chunk(), summed.elements());
        tree.addLeaf(summed.leaf());
      }
    }
    if (gates.finish(progress).isPresent()) {
      sources.check().run();
      return new AppliedSum.Failed(AbortReason.RESULT_IMPLAUSIBLE);
    }
    AggregateDecoder decoder =
        new AggregateDecoder(rules.encoding(), rules.encodingContext(), targets.sum());
    Chunking pieces = targets.model().pieces();
    MerkleRootBuilder base = new MerkleRootBuilder();
    boolean finite = true;
    for (long first = 0; first < pieces.chunkCount(); first += WINDOW_CHUNKS) {
      for (Applied applied : window(first, pieces, piece -> apply(piece, decoder))) {
        base.add(applied.baseLeaf());
        finite &= applied.finite();
      }
    }
    if (!base.root().equals(sources.base())) {
      throw new IOException("model " + sources.base() + " is not what it was");
    }
    if (!finite) {
      sources.check().run();
      return new AppliedSum.Failed(AbortReason.RESULT_IMPLAUSIBLE);
    }
    targets.sum().publish();
    return new AppliedSum.Done(tree.root(), targets.model().publish(), decoder.metrics());
  }

  @SuppressWarnings("ArrayRecordComponent") // a chunk on its way, compared by nobody
  private record Summed(long chunk, int[] elements, Hash leaf) {}

  private interface ChunkWork<T> {
    T run(long chunk) throws IOException;
  }

  private Summed sum(long chunk, ChunkTree tree) throws IOException {
    int[] elements = sources.unmasker().unmask(chunk, sources.uploads());
    byte[] bytes = LittleEndian.bytes(elements, sources.unmasker().chunking().elementBytes());
    targets.sum().write(chunk, bytes);
    return new Summed(chunk, elements, tree.leaf(chunk, bytes));
  }

  /** What became of a piece; it is written if all its new values are finite. */
  private record Applied(Hash baseLeaf, boolean finite) {}

  /** A piece of the model is a chunk of the sum: both are 2^18 values. */
  private Applied apply(long piece, AggregateDecoder decoder) throws IOException {
    double[] averages = decoder.averages(piece);
    byte[] bytes =
        sources
            .model()
            .read(piece * Limits.CHUNK_ELEMENTS * Float.BYTES, averages.length * Float.BYTES);
    Hash baseLeaf = ModelHash.leaf(piece, MemorySegment.ofArray(bytes));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[averages.length];
    buffer.asFloatBuffer().get(values);
    Optional<float[]> next = rules.optimizer().next(values, averages);
    if (next.isEmpty()) {
      return new Applied(baseLeaf, false);
    }
    buffer.asFloatBuffer().put(next.get());
    targets.model().write(piece, bytes);
    return new Applied(baseLeaf, true);
  }

  private <T> List<T> window(long first, Chunking chunking, ChunkWork<T> work)
      throws IOException, InterruptedException {
    if (cancelled.get()) {
      throw new InterruptedException("the attempt was discarded");
    }
    List<Callable<T>> tasks = new ArrayList<>();
    long end = Math.min(first + WINDOW_CHUNKS, chunking.chunkCount());
    for (long chunk = first; chunk < end; chunk++) {
      long number = chunk;
      tasks.add(() -> work.run(number));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : workers.invokeAll(tasks)) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        throw unwrapped(e);
      }
    }
    return results;
  }

  private static IOException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException io -> io;
      case UncheckedIOException io -> new IOException("an upload or a sum cannot be read", io);
      case RuntimeException failure -> throw failure;
      case null, default -> throw new IllegalStateException("a worker died", e);
    };
  }
}
