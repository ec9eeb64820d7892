package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.TestConsortium;
import org.junit.jupiter.api.Test;

class SiteHistoryTest {
  private static final AttemptId ATTEMPT = TestConsortium.attempt(7, 1);
  private static final Hash ANY = TestConsortium.hash("any");

  @Test
  void reached_theSameAttemptALaterOneOrTheRoundsEnd_always() {
    for (AttemptId there :
        List.of(ATTEMPT, TestConsortium.attempt(7, 2), TestConsortium.attempt(8, 0))) {
      assertThat(entriesOf(there)).allMatch(entry -> history(entry).reached(ATTEMPT));
    }
  }

  @Test
  void reached_earlierAttemptOrRoundAlone_never() {
    assertThat(history(joined(TestConsortium.attempt(7, 0))).reached(ATTEMPT)).isFalse();
    assertThat(history(released(TestConsortium.attempt(7, 0))).reached(ATTEMPT)).isFalse();
    assertThat(entriesOf(TestConsortium.attempt(6, 3)))
        .noneMatch(entry -> history(entry).reached(ATTEMPT));
    assertThat(history().reached(ATTEMPT)).isFalse();
  }

  @Test
  void of_entriesOfSeveralJobs_keepsTheJobsOwnInOrder() {
    AttemptId other = new AttemptId(new RoundId(new JobId("other"), 7), 1);
    List<JournalEntry> own = entriesOf(ATTEMPT);
    List<JournalEntry> all =
        Stream.of(entriesOf(other), own, entriesOf(other)).flatMap(List::stream).toList();

    assertThat(SiteHistory.of(TestConsortium.JOB, all).entries()).isEqualTo(own);
  }

  private static List<JournalEntry> entriesOf(AttemptId attempt) {
    return List.of(joined(attempt), released(attempt), new JournalEntry.Closed(attempt.round()));
  }

  private static JournalEntry joined(AttemptId attempt) {
    return new JournalEntry.Joined(attempt, ANY, TestConsortium.MODEL, ANY);
  }

  private static JournalEntry released(AttemptId attempt) {
    return new JournalEntry.Released(attempt, ANY, TestConsortium.MODEL, ANY);
  }

  private static SiteHistory history(JournalEntry... entries) {
    return new SiteHistory(List.of(entries));
  }
}
