package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final Work OLD = work(1);
  private static final Work NEW = work(2);

  private final Mailbox mailbox = new Mailbox(new SystemThreads());

  private static Work work(long round) {
    return Work.of(
        ScriptedCoordinator.attempt(TestJob.ofDefaults(), round),
        9,
        new WorkContent.AttemptClosed(Optional.empty()));
  }

  @Test
  void take_itemThatWaited_hasTheTimeOfItsArrival() throws Exception {
    long before = System.nanoTime();
    mailbox.put(NEW);
    long after = System.nanoTime();
    while (System.nanoTime() - after < 1_000_000) {
      Thread.onSpinWait();
    }

    Mailbox.Item item = mailbox.take(Duration.ZERO).orElseThrow();

    assertThat(item.work()).isEqualTo(NEW);
    assertThat(item.arrivedNanos()).isBetween(before, after);
    assertThat(item.within(5).endNanos()).isEqualTo(item.arrivedNanos() + 5_000_000_000L);
  }

  @Test
  void put_newerItem_takesTheOldOnesPlace() throws Exception {
    mailbox.put(OLD);
    mailbox.put(NEW);

    assertThat(mailbox.take(Duration.ZERO).orElseThrow().work()).isEqualTo(NEW);
    assertThat(mailbox.isEmpty()).isTrue();
    assertThat(mailbox.take(Duration.ZERO)).isEmpty();
  }
}
