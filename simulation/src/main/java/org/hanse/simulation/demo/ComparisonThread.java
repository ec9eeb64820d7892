package org.hanse.simulation.demo;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.trainer.Evaluation;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.core.vector.FloatVector;

/** Trains for the comparison beside the federation, on the one thread that the engine wants. */
final class ComparisonThread implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> Thread.ofPlatform().daemon().name("comparison").unstarted(work));
  private final Future<Bench> bench;
  private final Future<Baselines> baselines;

  /** Starts at once. */
  ComparisonThread(Supplier<LocalTrainer> trainers, JobDraft.Training plan, ConsortiumFiles files) {
    bench = thread.submit(() -> new Bench(trainers.get(), plan, files.heldOutRecords()));
    baselines = thread.submit(() -> Baselines.train(bench.get(), files));
  }

  /** Waits for the trained models and measures the global one beside them. */
  Comparison with(FloatVector global) throws DemoFailure, InterruptedException {
    Baselines trained = await(baselines);
    return new Comparison(
        await(thread.submit(evaluation(global))), trained.own(), trained.pooled());
  }

  private Callable<Evaluation> evaluation(FloatVector global) {
    return () -> bench.get().evaluate(global);
  }

  private static <T> T await(Future<T> future) throws DemoFailure, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause instanceof ExecutionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof DemoFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("the comparison failed", cause);
    }
  }

  /** The engine is left to the end of the program: it cannot be stopped in the middle. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
