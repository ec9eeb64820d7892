package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

class StoredMessagesTest {
  private final Samples samples = new Samples(9);

  private List<FromSite> messages() {
    return List.of(
        samples.advertisement(),
        samples.shares(),
        samples.commit(),
        samples.confirmation(),
        samples.release(),
        samples.verdict(),
        samples.withdrawal(),
        samples.complaint());
  }

  @Test
  void decodeMessage_storedMessage_isTheMessage() {
    for (FromSite message : messages()) {
      AttemptMessage sent = samples.sent(message);

      assertThat(StoredMessages.decodeMessage(StoredMessages.encode(sent))).isEqualTo(sent);
    }
  }

  @Test
  void decodeWork_storedWork_isTheWork() {
    Work work = samples.work(new WorkContent.Step(samples.sharesFor()));

    assertThat(StoredMessages.decodeWork(StoredMessages.encode(work))).isEqualTo(work);
  }

  @Test
  void decodeEvent_storedEvent_isTheEvent() {
    AttemptId attempt = new AttemptId(new RoundId(new JobId("job-1"), 2), 3);
    JobEventEntry entry =
        samples.entry(new JobEventValue.StageReached(attempt, WorkStage.SHARES, 5));
    byte[] stored = StoredMessages.encode(entry);

    assertThat(StoredMessages.decodeEvent(stored)).isEqualTo(entry);
    assertRefused(() -> StoredMessages.decodeEvent(Arrays.copyOf(stored, stored.length - 1)));
  }

  @Test
  void decode_anythingElse_isRefused() {
    byte[] first = StoredMessages.encode(samples.sent(samples.shares()));
    byte[] otherKind = first.clone();
    otherKind[0] = 2;
    byte[] noKind = first.clone();
    noKind[0] = 0;
    byte[] cut = Arrays.copyOf(first, first.length - 1);
    byte[] work = StoredMessages.encode(samples.work(samples.start()));

    for (byte[] wrong : List.of(new byte[0], new byte[] {1}, otherKind, noKind, cut)) {
      assertRefused(() -> StoredMessages.decodeMessage(wrong));
    }
    assertRefused(() -> StoredMessages.decodeWork(Arrays.copyOf(work, work.length - 1)));
    assertRefused(() -> StoredMessages.decodeWork(new byte[0]));
  }

  private static void assertRefused(ThrowingCallable decode) {
    assertThatThrownBy(decode).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void decode_mutatedBytes_isAValueOrRefused() {
    Random random = new Random(20_261_122L);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes =
          Mutations.mutate(
              StoredMessages.encode(
                  samples.sent(samples.oneOf(messages().toArray(new FromSite[0])))),
              random);
      try {
        assertThat(StoredMessages.decodeMessage(bytes)).isNotNull();
      } catch (MalformedMessageException expected) {
        assertThat(expected).hasMessageNotContaining("org.");
      }
    }
  }
}
