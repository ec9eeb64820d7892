package org.hanse.coordinator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.JobPriority;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(1);

  @Test
  void next_sitesAreFree_all() {
    turns.ask(claim("a", "alice", JobPriority.NORMAL, "1", "2"));
    turns.ask(claim("b", "alice", JobPriority.NORMAL, "3"));

    assertThat(turns.next()).containsExactly(new JobId("a"), new JobId("b"));
    assertThat(turns.next()).isEmpty();
  }

  @Test
  void next_siteIsTaken_onceItIsFree() {
    ask("a", "b");
    assertThat(turns.next()).containsExactly(new JobId("a"));
    assertThat(turns.isOpen(new JobId("b"))).isFalse();

    turns.leave(new JobId("a"));
    assertThat(turns.next()).containsExactly(new JobId("b"));
    assertThat(turns.isOpen(new JobId("b"))).isTrue();
  }

  @Test
  void next_jobsOfOneUser_inTurn() {
    ask("a", "b");
    assertThat(served(8)).isEqualTo("abababab");
  }

  @Test
  void next_prioritiesDiffer_turnsInTheirProportion() {
    turns.ask(claim("h", "alice", JobPriority.HIGH, "1"));
    turns.ask(claim("l", "alice", JobPriority.LOW, "1"));
    turns.ask(claim("n", "alice", JobPriority.NORMAL, "1"));

    String turnsOf = served(70);
    assertThat(turnsOf.chars().filter(c -> c == 'h').count()).isBetween(39L, 41L);
    assertThat(turnsOf.chars().filter(c -> c == 'n').count()).isBetween(19L, 21L);
    assertThat(turnsOf.chars().filter(c -> c == 'l').count()).isBetween(9L, 11L);
  }

  @Test
  void next_userWithoutOpenRound_comesFirst() {
    Turns two = new Turns(2);
    for (String job : List.of("a", "b", "c")) {
      two.ask(claim(job, "alice", JobPriority.HIGH, "1"));
    }
    two.ask(claim("z", "bob", JobPriority.LOW, "1"));

    assertThat(two.next()).containsExactly(new JobId("a"), new JobId("z"));
  }

  @Test
  void next_jobThatNeedsManySites_isNotOvertakenForEver() {
    turns.ask(claim("a", "alice", JobPriority.NORMAL, "1"));
    turns.ask(claim("b", "alice", JobPriority.NORMAL, "2"));
    turns.next();
    turns.ask(claim("wide", "alice", JobPriority.NORMAL, "1", "2"));
    turns.leave(new JobId("a"));
    turns.ask(claim("a", "alice", JobPriority.NORMAL, "1"));

    assertThat(turns.next()).isEmpty();
    assertThat(turns.obstacle(new JobId("a")).orElseThrow().jobs())
        .containsExactly(new JobId("wide"));
    turns.leave(new JobId("b"));
    assertThat(turns.next()).containsExactly(new JobId("wide"));
  }

  @Test
  void ask_newJob_isServedAsOftenAsTheOthersFromThen() {
    ask("a");
    served(20);
    ask("b");

    String turnsOf = served(10);
    assertThat(turnsOf.chars().filter(c -> c == 'b').count()).isEqualTo(5);
  }

  @Test
  void keep_roundThatIsOpenAlready_takesItsSites() {
    turns.keep(claim("a", "alice", JobPriority.NORMAL, "1"));
    ask("b");

    assertThat(turns.next()).isEmpty();
    assertThat(turns.obstacle(new JobId("b")))
        .contains(new Turns.Obstacle(Set.of(new SiteId("1")), Set.of(new JobId("a")), 0));
    assertThat(turns.obstacle(new JobId("a"))).isEmpty();
  }

  @Test
  void obstacle_jobOfSomebodyElse_isCountedAndNotNamed() {
    turns.keep(claim("secret", "bob", JobPriority.NORMAL, "1"));
    ask("a", "b");

    assertThat(turns.obstacle(new JobId("b")))
        .contains(new Turns.Obstacle(Set.of(new SiteId("1")), Set.of(new JobId("a")), 1));
    assertThat(turns.obstacle(new JobId("a")))
        .contains(new Turns.Obstacle(Set.of(new SiteId("1")), Set.of(), 1));
  }

  @Test
  void create_noRoundPerSite_refused() {
    assertThatThrownBy(() -> new Turns(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private void ask(String... jobs) {
    for (String job : jobs) {
      turns.ask(claim(job, "alice", JobPriority.NORMAL, "1"));
    }
  }

  /** Whose turns come, when every job asks again after its own. */
  private String served(int count) {
    List<Turns.Claim> all = new ArrayList<>();
    StringBuilder served = new StringBuilder();
    while (served.length() < count) {
      for (JobId job : turns.next()) {
        served.append(job.value());
        turns.leave(job);
        all.add(claim(job.value(), "alice", priorityOf(job), "1"));
      }
      all.forEach(turns::ask);
      all.clear();
    }
    return served.toString();
  }

  private static JobPriority priorityOf(JobId job) {
    return switch (job.value()) {
      case "h" -> JobPriority.HIGH;
      case "l" -> JobPriority.LOW;
      default -> JobPriority.NORMAL;
    };
  }

  private static Turns.Claim claim(
      String job, String owner, JobPriority priority, String... sites) {
    return new Turns.Claim(
        new JobId(job),
        owner,
        priority,
        Stream.of(sites).map(SiteId::new).collect(Collectors.toSet()));
  }
}
