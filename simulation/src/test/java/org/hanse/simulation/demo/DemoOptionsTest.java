package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoOptionsTest {
  private static final double QUORUM = 0.6;

  @Test
  void parse_siteAndRound_both() {
    assertThat(Disturbance.parse("site-2@round-3"))
        .isEqualTo(new Disturbance(new SiteId("site-2"), 3))
        .hasToString("site-2@round-3");
  }

  @Test
  void parse_duringTheUpload_isWhenItHappensAnyway() {
    assertThat(Disturbance.parse("site-2@round-3:upload"))
        .isEqualTo(Disturbance.parse("site-2@round-3"));
  }

  @Test
  void problems_coordinator_isKilledInARoundAndNeverAbsent() {
    assertThat(options(3, 3, 1, List.of("coordinator@round-3"), List.of())).isEmpty();
    assertThat(options(3, 3, 1, List.of("coordinator@round-4"), List.of("coordinator@round-1")))
        .contains("coordinator@round-4: the rounds are 1 to 3")
        .anyMatch(problem -> problem.startsWith("coordinator@round-1: the sites are"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "site-2@round-3:",
        "site-2@round-3:release",
        "site-2",
        "site-2@3",
        "site-2@round-",
        "site 2@round-3",
        "@round-3",
        "site-2@round--3",
        "-@round-3"
      })
  void parse_anotherForm_refused(String text) {
    assertThatThrownBy(() -> Disturbance.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofLabel_knownAndUnknown_exampleOrRefusal() {
    assertThat(Example.ofLabel("digits")).isEqualTo(Example.DIGITS);
    assertThatThrownBy(() -> Example.ofLabel("mnist"))
        .hasMessageContaining("digits")
        .hasMessageContaining("breast-cancer");
  }

  @Test
  void problems_defaults_none() {
    assertThat(options(5, 20, 1, List.of(), List.of())).isEmpty();
    assertThat(options(3, 1, 0, List.of(), List.of())).isEmpty();
    assertThat(options(20, 1_000, 1, List.of(), List.of())).isEmpty();
  }

  @Test
  void problems_outOfRange_named() {
    assertThat(options(2, 20, 1, List.of(), List.of()))
        .singleElement()
        .asString()
        .contains("--sites");
    assertThat(options(21, 20, 1, List.of(), List.of()))
        .singleElement()
        .asString()
        .contains("--sites");
    assertThat(options(5, 0, -1, List.of(), List.of()))
        .hasSize(2)
        .anyMatch(problem -> problem.contains("--rounds"))
        .anyMatch(problem -> problem.contains("--seed"));
  }

  @Test
  void problems_disturbanceOfNobodyOrNever_named() {
    assertThat(options(5, 3, 1, List.of("site-6@round-1"), List.of("site-1@round-4")))
        .containsExactly(
            "site-6@round-1: the sites are site-1 to site-5",
            "site-1@round-4: the rounds are 1 to 3");
  }

  @Test
  void problems_absentAndKilledAtOnce_named() {
    assertThat(
            options(
                5, 3, 1, List.of("site-2@round-2", "site-3@round-1"), List.of("site-2@round-2")))
        .containsExactly("site-2@round-2: a site that is absent has no upload to be killed in");
  }

  @Test
  void problems_tooFewLeft_named() {
    // Of five sites four must be counted, of four or three all.
    assertThat(options(5, 3, 1, List.of("site-2@round-2"), List.of())).isEmpty();
    assertThat(options(5, 3, 1, List.of("site-2@round-2"), List.of("site-3@round-2")))
        .singleElement()
        .asString()
        .contains("round 2")
        .contains("3 sites");
    assertThat(options(3, 3, 1, List.of(), List.of("site-3@round-1"))).hasSize(1);
  }

  private static List<String> options(
      int sites, long rounds, long seed, List<String> breaks, List<String> absences) {
    return new DemoOptions(
            new FederationOptions(Example.DIGITS, sites, Optional.empty(), seed, Suite.FLSA1),
            new Disturbances(
                breaks.stream().map(Disturbance::parse).toList(),
                absences.stream().map(Disturbance::parse).toList(),
                Optional.empty()),
            Optional.empty())
        .problems(rounds, QUORUM);
  }
}
