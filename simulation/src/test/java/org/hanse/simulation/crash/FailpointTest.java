package org.hanse.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.simulation.crash.CrashBench.Chain;
import org.hanse.simulation.crash.CrashRun.Victim;
import org.hanse.simulation.crash.Failpoint.Trait;
import org.junit.jupiter.api.Test;

class FailpointTest {
  @Test
  void parse_nameWithTraitsAndKillsBefore_allOfThem() {
    assertThat(Failpoint.parse("a.write > b.sync left-out sqlite"))
        .isEqualTo(
            new Failpoint("b.sync", Set.of(Trait.LEFT_OUT, Trait.SQLITE), List.of("a.write")));
  }

  @Test
  void parse_unknownTrait_throws() {
    assertThatThrownBy(() -> Failpoint.parse("a.write maybe"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maybe");
  }

  @Test
  void lists_areLongEnough() throws IOException {
    assertThat(Failpoint.of(Victim.COORDINATOR)).doesNotHaveDuplicates().hasSizeGreaterThan(40);
    assertThat(Failpoint.of(Victim.SITE)).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  @Test
  void chains_ofAList_holdEachFailpointOnceInItsOrder() throws IOException {
    List<Failpoint> all = Failpoint.of(Victim.SITE);

    assertThat(CrashBench.chains(all).stream().flatMap(chain -> chain.failpoints().stream()))
        .containsExactlyElementsOf(all);
  }

  @Test
  void chains_manyThatSpendARound_noMoreThanAJobHasRounds() {
    List<Failpoint> all =
        Stream.of("a left-out", "b attempt-lost", "c attempt-lost", "d left-out", "e left-out")
            .map(Failpoint::parse)
            .toList();

    assertThat(CrashBench.chains(all))
        .containsExactly(new Chain(all.subList(0, 4)), new Chain(all.subList(4, 5)));
  }

  @Test
  void chains_otherRetention_anotherJob() {
    Failpoint usual = Failpoint.parse("a");
    Failpoint keeping = Failpoint.parse("a keep-rounds");

    assertThat(CrashBench.chains(List.of(usual, keeping)))
        .containsExactly(new Chain(List.of(usual)), new Chain(List.of(keeping)));
  }
}
