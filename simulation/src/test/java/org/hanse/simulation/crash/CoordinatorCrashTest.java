package org.hanse.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hanse.simulation.crash.CrashBench.Chain;
import org.hanse.simulation.crash.CrashRun.Victim;
import org.hanse.simulation.crash.Failpoint.Trait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The coordinator is killed before and after everything that it writes; every job goes on. */
@Tag("crash")
@Timeout(900)
class CoordinatorCrashTest {
  @TempDir private static Path directory;
  private static CrashBench bench;

  @BeforeAll
  static void open() throws Exception {
    bench = CrashBench.open(directory, Victim.COORDINATOR, ChosenDatabases.chosen());
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  static List<Chain> chains() throws Exception {
    return ChosenFailpoints.chains(
        Failpoint.of(Victim.COORDINATOR).stream()
            .filter(failpoint -> ChosenDatabases.isFile() || !failpoint.has(Trait.SQLITE))
            .toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chains")
  void killed_atEachFailpoint_jobEndsAsIfNothingHadHappened(Chain chain) throws Exception {
    bench.requireResumed(chain);
  }

  /** The list is what happens, no more and no less. */
  @Test
  void undisturbed_reachesTheListedFailpoints() throws Exception {
    Set<String> reached = new TreeSet<>(bench.undisturbed(false, Set.of()).reached());
    assertThat(reached)
        .containsExactlyInAnyOrderElementsOf(names(failpoint -> !failpoint.has(Trait.KEEP_ROUNDS)));
    Set<String> keeping = new TreeSet<>(bench.undisturbed(true, Set.of()).reached());
    assertThat(keeping).containsAll(names(failpoint -> failpoint.has(Trait.KEEP_ROUNDS)));
  }

  private static List<String> names(Predicate<Failpoint> wanted) throws Exception {
    Stream<Failpoint> all = Failpoint.of(Victim.COORDINATOR).stream();
    return all.filter(Failpoint::isUsual)
        .filter(failpoint -> ChosenDatabases.isFile() || !failpoint.has(Trait.SQLITE))
        .filter(wanted)
        .map(Failpoint::name)
        .distinct()
        .toList();
  }
}
