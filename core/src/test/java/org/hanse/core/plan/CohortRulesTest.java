package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohortRulesTest {
  private static final double QUORUM = 0.6;

  /** The table of docs/protocol.md, "Thresholds": N, c, t, n_min without a floor above them. */
  @ParameterizedTest
  @CsvSource({
    "2, 0, 2, 2",
    "3, 0, 2, 3",
    "4, 1, 3, 4",
    "5, 1, 4, 4",
    "7, 2, 5, 5",
    "10, 3, 7, 7",
    "20, 6, 14, 14",
    "50, 16, 34, 34",
    "100, 33, 67, 67"
  })
  void rules_defaultCollusion_areTheTable(
      int members, int colluding, int threshold, int survivors) {
    CohortRules rules =
        new CohortRules(members, CohortRules.defaultColludingSites(members), QUORUM, 2);

    assertThat(rules.colludingSites()).isEqualTo(colluding);
    assertThat(rules.threshold()).isEqualTo(threshold);
    assertThat(rules.minimumSurvivors()).isEqualTo(survivors);
  }

  /** 2t > N + c: two sets of t honest releases would have to share one. */
  @Test
  void threshold_anyCohort_leavesRoomForOneSum() {
    for (int members = 2; members <= Limits.MAX_MEMBERS; members++) {
      for (int colluding = 0;
          colluding <= CohortRules.defaultColludingSites(members);
          colluding++) {
        CohortRules rules = new CohortRules(members, colluding, QUORUM, 2);

        assertThat(2 * rules.threshold()).isGreaterThan(members + colluding);
        assertThat(rules.threshold()).isGreaterThan(colluding).isLessThanOrEqualTo(members);
        assertThat(rules.minimumSurvivors()).isBetween(Math.min(members, colluding + 3), members);
      }
    }
  }

  @Test
  void minimumSurvivors_ownFloorAboveTheOthers_isTheFloor() {
    assertThat(new CohortRules(10, 0, QUORUM, 9).minimumSurvivors()).isEqualTo(9);
    assertThat(new CohortRules(10, 0, QUORUM, 2).minimumSurvivors()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1.0, 10",
    "10, 0.8, 8",
    "10, 0.81, 9",
    "10, 0.51, 7",
    "5, 0.6, 4",
    "50, 0.7, 35"
  })
  void minimumRoster_anyQuorum_isItsShareRoundedUpAndAtLeastTheSurvivors(
      int members, double quorum, int roster) {
    int colluding = CohortRules.defaultColludingSites(members);

    assertThat(new CohortRules(members, colluding, quorum, 2).minimumRoster()).isEqualTo(roster);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0.6, 2, members",
    "257, 0, 0.6, 2, members",
    "2, 1, 0.6, 2, colluding sites",
    "3, 1, 0.6, 2, colluding sites",
    "10, 4, 0.6, 2, colluding sites",
    "10, -1, 0.6, 2, colluding sites",
    "10, 3, 0.5, 2, quorum",
    "10, 3, 1.01, 2, quorum",
    "10, 3, NaN, 2, quorum",
    "10, 3, 0.6, 1, minimum sites",
    "10, 3, 0.6, 11, minimum sites"
  })
  void new_outOfRange_isRefused(
      int members, int colluding, double quorum, int minimum, String named) {
    assertThatThrownBy(() -> new CohortRules(members, colluding, quorum, minimum))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named);
  }
}
