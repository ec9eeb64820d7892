package org.hanse.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.hanse.simulation.crash.CrashBench.Chain;
import org.hanse.simulation.crash.CrashRun.Victim;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A site is killed before and after everything that it writes; its job goes on. */
@Tag("crash")
@Timeout(900)
class SiteCrashTest {
  @TempDir private static Path directory;
  private static CrashBench bench;

  @BeforeAll
  static void open() throws Exception {
    bench = CrashBench.open(directory, Victim.SITE, ChosenDatabases.chosen());
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  static List<Chain> chains() throws Exception {
    return ChosenFailpoints.chains(Failpoint.of(Victim.SITE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chains")
  void killed_atEachFailpoint_jobEndsAsIfNothingHadHappened(Chain chain) throws Exception {
    bench.requireResumed(chain);
  }

  /** The list is what happens, no more and no less. */
  @Test
  void undisturbed_reachesTheListedFailpoints() throws Exception {
    assertThat(bench.undisturbed(false, Set.of()).reached())
        .containsExactlyInAnyOrderElementsOf(
            Failpoint.of(Victim.SITE).stream()
                .filter(Failpoint::isUsual)
                .map(Failpoint::name)
                .distinct()
                .toList());
  }
}
