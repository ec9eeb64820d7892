package org.hanse.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hanse.client.agent.TestJob;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SiteMemoryTest {
  private static SiteRecord saved(long round) {
    return new SiteRecord.UpdateSaved(
        new RoundId(TestJob.ID, round),
        new SiteRecord.Origin(SessionFixture.NEXT, SessionFixture.INITIAL),
        SessionFixture.UPDATE);
  }

  private static SiteRecord closed(long round) {
    return new SiteRecord.Protocol(new JournalEntry.Closed(new RoundId(TestJob.ID, round)));
  }

  @Test
  void openRounds_someClosed_areTheOthersOldestFirst() {
    SiteMemory memory =
        new SiteMemory(List.of(saved(1), saved(2), closed(1), saved(3), saved(2), closed(9)));
    assertThat(memory.openRounds()).extracting(RoundId::round).containsExactly(2L, 3L);
  }

  @Test
  void openRounds_longHistory_isReadOnce() {
    List<SiteRecord> records = new ArrayList<>();
    for (int round = 1; round <= 20_000; round++) {
      records.add(saved(round));
      records.add(closed(round));
    }
    SiteMemory memory = new SiteMemory(records);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(2), () -> assertThat(memory.openRounds()).isEmpty());
  }
}
