package org.hanse.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hanse.simulation.crash.ConsortiumOnDisk.Setup;
import org.hanse.simulation.crash.CrashRun.Outcome;
import org.hanse.simulation.crash.CrashRun.Victim;
import org.hanse.simulation.crash.Failpoint.Trait;

/** Runs jobs of one victim and compares them with jobs that nobody disturbed. */
final class CrashBench implements AutoCloseable {
  /** Kills that share a job. */
  private static final int KILLS = 16;

  private final Path directory;
  private final Victim victim;
  private final Databases databases;
  private final Standby standby;
  private final Map<Setup, Outcome> undisturbed = new HashMap<>();

  /** Where coordinators keep their rows. */
  interface Databases {
    /** An empty one; none is a file in the data directory. */
    Optional<PostgresqlDatabase> next() throws Exception;
  }

  /** Runs the first undisturbed job. */
  static CrashBench open(Path directory, Victim victim, Databases databases) throws Exception {
    CrashBench bench = new CrashBench(directory, victim, databases);
    var _ = bench.undisturbed(false, Set.of());
    return bench;
  }

  private CrashBench(Path directory, Victim victim, Databases databases) throws IOException {
    this.directory = directory;
    this.victim = victim;
    this.databases = databases;
    this.standby = victim.standby(directory);
  }

  /** Failpoints that share a job, in the order in which the program comes by. */
  record Chain(List<Failpoint> failpoints) {
    boolean keepRounds() {
      return failpoints.getFirst().has(Trait.KEEP_ROUNDS);
    }

    List<String> kills() {
      return failpoints.stream().flatMap(failpoint -> failpoint.kills().stream()).toList();
    }

    long count(Trait trait) {
      return failpoints.stream().filter(failpoint -> failpoint.has(trait)).count();
    }

    /** At most so many rounds go by until the victim has come by all of them. */
    long spentRounds() {
      return 1 + count(Trait.LEFT_OUT) + count(Trait.ATTEMPT_LOST);
    }

    @Override
    public String toString() {
      return failpoints.stream().map(Failpoint::toString).collect(Collectors.joining(", "));
    }
  }

  /** As few jobs as are good to read, each with the rounds that its failpoints need. */
  static List<Chain> chains(List<Failpoint> failpoints) {
    List<Chain> chains = new ArrayList<>();
    List<Failpoint> open = new ArrayList<>();
    for (Failpoint failpoint : failpoints) {
      Chain with = new Chain(Stream.concat(open.stream(), Stream.of(failpoint)).toList());
      if (!open.isEmpty()
          && (with.kills().size() > KILLS
              || with.spentRounds() > ConsortiumOnDisk.ROUNDS
              || with.keepRounds() != failpoint.has(Trait.KEEP_ROUNDS))) {
        chains.add(new Chain(List.copyOf(open)));
        open.clear();
      }
      open.add(failpoint);
    }
    chains.add(new Chain(List.copyOf(open)));
    return chains;
  }

  /** Kills the victim at each failpoint in one job, which must end as if nothing had happened. */
  void requireResumed(Chain chain) throws Exception {
    Outcome outcome = run(chain.keepRounds(), Set.of(), chain.kills());
    Set<Integer> leftOut = new TreeSet<>();
    for (int round = 1; round <= outcome.counted().size(); round++) {
      if (outcome.counted().get(round - 1) < ConsortiumOnDisk.sites().size()) {
        leftOut.add(round);
      }
    }
    assertThat(leftOut).as("rounds without the victim").hasSize((int) chain.count(Trait.LEFT_OUT));
    Outcome expected = undisturbed(chain.keepRounds(), leftOut);
    assertThat(outcome.counted()).isEqualTo(expected.counted());
    assertThat(outcome.model()).isEqualTo(expected.model());
    assertThat(outcome.files()).isEqualTo(undisturbed(chain.keepRounds(), Set.of()).files());
    assertThat(outcome.told())
        .filteredOn(line -> line.contains(" " + Told.TRAINED))
        .as("saved updates")
        .doesNotHaveDuplicates();
    assertThat(outcome.times(Told.TRAINING))
        .as("trainings")
        .isEqualTo(
            expected.times(Told.TRAINING) + chain.count(Trait.TRAINS_AGAIN) + leftOut.size());
    assertThat(outcome.taken()).as("acknowledged").doesNotHaveDuplicates();
  }

  /** What comes of a job when nobody is killed. */
  Outcome undisturbed(boolean keepRounds, Set<Integer> absent) throws Exception {
    Setup key = new Setup(Optional.empty(), keepRounds, absent);
    Outcome known = undisturbed.get(key);
    if (known == null) {
      known = run(keepRounds, absent, List.of());
      for (int round = 1; round <= ConsortiumOnDisk.ROUNDS; round++) {
        assertThat(known.counted().get(round - 1))
            .as("sites in round %s", round)
            .isEqualTo(ConsortiumOnDisk.sites().size() - (absent.contains(round) ? 1 : 0));
      }
      undisturbed.put(key, known);
    }
    return known;
  }

  private Outcome run(boolean keepRounds, Set<Integer> absent, List<String> kills)
      throws Exception {
    Path run = Files.createTempDirectory(directory, "run-");
    Setup setup = new Setup(databases.next(), keepRounds, absent);
    try (CrashRun job = new CrashRun(run, setup, victim, standby)) {
      return job.killAt(kills);
    } catch (AssertionError | Exception e) {
      e.addSuppressed(new AssertionError("the victim's log:\n" + logEnd()));
      throw e;
    }
  }

  private String logEnd() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("log"));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  @Override
  public void close() {
    standby.close();
  }
}
