package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.hanse.client.storage.SiteKeys;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.Greeting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoordinatorLinkTest {
  private final FakeThreads threads = new FakeThreads();

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final RecordedEvents events = new RecordedEvents();
  private final CoordinatorLink link =
      new CoordinatorLink(
          coordinator, site(TestJob.site(0)), events, threads, new SplittableRandom(1));

  private static Site site(SiteId id) {
    return new Site(
        id,
        new SiteKeys(TestJob.ofDefaults().key(0), Bytes.of((byte) 1), TestJob.siteSecret(0)),
        () -> {
          throw new UnsupportedOperationException();
        },
        Map.of());
  }

  @Test
  void call_coordinatorNeverThere_isReportedAtOnceAndEveryFiveMinutes() throws Exception {
    List<Integer> reportsBefore = new ArrayList<>();
    coordinator.hello =
        () -> {
          reportsBefore.add(events.lines.size());
          if (reportsBefore.size() == 6) {
            return new Greeting.Welcome(1, TestJob.site(0), 1);
          }
          threads.sleep(Duration.ofMinutes(2));
          throw FakeConnection.broken();
        };

    assertThat(link.<Boolean>call(Patience.unlimited(threads), c -> true)).isTrue();

    // Failures at minutes 2, 4, 6, 8 and 10.
    assertThat(reportsBefore).containsExactly(0, 1, 1, 1, 2, 2);
    assertThat(events.lines)
        .containsExactly("disconnected", "disconnected", "connected " + TestJob.site(0));
  }

  @Test
  void call_certificateOfAnotherSite_endsAndSaysWhichTwo() {
    coordinator.hello = () -> new Greeting.Welcome(1, TestJob.site(3), 1);
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() -> link.<Boolean>call(Patience.unlimited(threads), c -> true))
        .withMessageContaining("site-3")
        .satisfies(e -> {
          assertThat(e.problem()).isEqualTo(CoordinatorException.Problem.OTHER_SITE);
          assertThat(e.duty()).isEqualTo(Duty.FIX);
        });
  }

  @Test
  void call_breaksAgainAfterAGreeting_isReportedAgain() throws Exception {
    for (int i = 0; i < 2; i++) {
      boolean[] broken = {false};
      link.send(
          Patience.unlimited(threads),
          c -> {
            if (!broken[0]) {
              broken[0] = true;
              throw FakeConnection.broken();
            }
          });
    }

    String connected = "connected " + TestJob.site(0);
    assertThat(events.lines)
        .containsExactly(connected, "disconnected", connected, "disconnected", connected);
  }

  @Test
  void call_whileAnotherThreadGreets_blocksNobodyForGood() throws Exception {
    CountDownLatch greeting = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    coordinator.hello =
        () -> {
          greeting.countDown();
          answer.await();
          return new Greeting.Welcome(1, TestJob.site(0), 7);
        };
    Thread first = startCall(new AtomicReference<>());
    assertThat(greeting.await(10, TimeUnit.SECONDS)).isTrue();
    AtomicReference<@Nullable Throwable> ended = new AtomicReference<>();
    Thread second = startCall(ended);

    Thread asks = Thread.ofPlatform().start(link::pollTime);
    assertThat(asks.join(Duration.ofSeconds(10))).as("pollTime returns").isTrue();
    second.interrupt();
    assertThat(second.join(Duration.ofSeconds(10))).as("a waiting call can be stopped").isTrue();
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);

    answer.countDown();
    assertThat(first.join(Duration.ofSeconds(10))).isTrue();
    assertThat(link.pollTime()).isEqualTo(Duration.ofSeconds(22));
  }

  private Thread startCall(AtomicReference<@Nullable Throwable> ended) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            link.<Boolean>call(Patience.unlimited(threads), c -> true);
          } catch (Exception e) {
            ended.set(e);
          }
        });
  }
}
