package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundRecordsTest {
  private static final RoundId ROUND = new RoundId(new JobId("job-1"), 7);

  @ParameterizedTest
  @MethodSource("events")
  void decodeEvent_asEncoded_sameEvent(RoundEvent event) {
    assertThat(RoundRecords.decodeEvent(RoundRecords.encode(event))).isEqualTo(event);
  }

  @Test
  void eventsOfTheseTests_areOfEveryKind() {
    assertThat(events().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(RoundEvent.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("openings")
  void decodeOpening_asEncoded_sameOpening(RoundOpening opening) {
    assertThat(RoundRecords.decodeOpening(RoundRecords.encode(opening))).isEqualTo(opening);
  }

  @ParameterizedTest
  @MethodSource("events")
  void decodeEvent_anyByteMissingAtItsEnd_throws(RoundEvent event) {
    byte[] record = RoundRecords.encode(event);
    for (int length = 0; length < record.length; length += 1 + record.length / 50) {
      byte[] torn = Arrays.copyOf(record, length);
      assertThatThrownBy(() -> RoundRecords.decodeEvent(torn)).isInstanceOf(RuntimeException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void decodeEvent_byteTooMany_throws(RoundEvent event) {
    byte[] record = RoundRecords.encode(event);
    assertThatThrownBy(() -> RoundRecords.decodeEvent(Arrays.copyOf(record, record.length + 1)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @MethodSource("events")
  void decodeEvent_ofAKindThatIsNone_throws(RoundEvent event) {
    byte[] record = RoundRecords.encode(event);
    record[2] ^= 0x40;
    assertThatThrownBy(() -> RoundRecords.decodeEvent(record)).isInstanceOf(RuntimeException.class);
  }

  private static Stream<RoundEvent> events() {
    return JournalSamples.events(ROUND).stream();
  }

  private static List<RoundOpening> openings() {
    return List.of(JournalSamples.firstOpening(ROUND.job()), JournalSamples.opening(ROUND));
  }
}
