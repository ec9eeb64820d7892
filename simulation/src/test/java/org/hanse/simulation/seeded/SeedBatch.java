package org.hanse.simulation.seeded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.hanse.simulation.fault.Fault;
import org.hanse.simulation.fault.FaultKind;
import org.hanse.simulation.world.World;
import org.jspecify.annotations.Nullable;

/**
 * Many seeds in a row, on several threads, each with worlds of its own.
 *
 * @param first seed
 * @param threads that carry worlds
 * @param untilViolation whether no seed is begun after the first violation
 * @param repeatEvery of so many seeds one is run again, to see that the same happens
 */
public record SeedBatch(
    long first, long count, int threads, long repeatEvery, boolean untilViolation) {

  private static final int MOST_TRIES = 3;

  /**
   * What came of all.
   *
   * @param outcomes in the order of the seeds
   * @param repeated seeds that were run twice
   */
  public record Summary(List<SeededRun.Outcome> outcomes, long repeated) {
    /** How often each kind of fault was in store. */
    public Map<FaultKind, Long> faults() {
      Map<FaultKind, Long> counted = new TreeMap<>();
      for (SeededRun.Outcome outcome : outcomes) {
        for (Fault fault : outcome.plan().faults()) {
          counted.merge(fault.kind(), 1L, Long::sum);
        }
      }
      return counted;
    }

    /** How often jobs ended in which state. */
    public Map<String, Long> states() {
      Map<String, Long> counted = new TreeMap<>();
      for (SeededRun.Outcome outcome : outcomes) {
        counted.merge(outcome.state().map(Enum::name).orElse("none"), 1L, Long::sum);
      }
      return counted;
    }

    public List<SeededRun.Outcome> violations() {
      return outcomes.stream().filter(outcome -> outcome.defect().isPresent()).toList();
    }
  }

  /** Runs them all; {@code heard} is called for each as it ends, by one thread at a time. */
  public Summary run(Consumer<SeededRun.Outcome> heard) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    TreeMap<Long, SeededRun.Outcome> ended = new TreeMap<>();
    AtomicLong repeated = new AtomicLong();
    AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofPlatform()
              .name("world-" + i)
              .uncaughtExceptionHandler((thread, cause) -> broken.compareAndSet(null, cause))
              .start(() -> {
                for (long n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                  SeededRun.Outcome outcome = runOnce(first + n, repeated);
                  synchronized (ended) {
                    ended.put(n, outcome);
                    heard.accept(outcome);
                    if (untilViolation && outcome.defect().isPresent()) {
                      next.set(count);
                    }
                  }
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (broken.get() != null) {
      throw new IllegalStateException("a run could not be made", broken.get());
    }
    return new Summary(List.copyOf(ended.values()), repeated.get());
  }

  /** Worlds share the platform's locks: a run that another thread has woken up says nothing. */
  private static SeededRun.Outcome undisturbed(long seed) {
    SeededRun.Outcome outcome = SeededRun.of(seed);
    for (int i = 0; i < MOST_TRIES && outcome.disturbed(); i++) {
      outcome = SeededRun.of(seed);
    }
    return outcome;
  }

  private SeededRun.Outcome runOnce(long seed, AtomicLong repeated) {
    SeededRun.Outcome outcome = undisturbed(seed);
    if (repeatEvery == 0 || seed % repeatEvery != 0) {
      return outcome.withoutTrace();
    }
    repeated.incrementAndGet();
    SeededRun.Outcome again = undisturbed(seed);
    return outcome.traceHash().equals(again.traceHash())
        ? outcome.withoutTrace()
        : outcome.violating(
            new World.Defect(
                "the same seed gives the same trace",
                outcome.traceHash() + " and then " + again.traceHash(),
                null));
  }
}
