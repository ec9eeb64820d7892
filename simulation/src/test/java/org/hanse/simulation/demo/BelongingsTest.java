package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BelongingsTest {
  private final Belongings belongings = new Belongings();
  private final List<String> ended = new CopyOnWriteArrayList<>();

  @Test
  void close_twice_newestFirstAndOnce() throws Exception {
    belongings.add(() -> ended.add("directory"));
    belongings.add(() -> ended.add("children"));

    belongings.close();
    belongings.close();

    assertThat(ended).containsExactly("children", "directory");
  }

  @Test
  void close_endingsFail_othersAreEndedAndNoFailureIsLost() throws Exception {
    belongings.add(() -> ended.add("directory"));
    for (String name : List.of("one", "two")) {
      belongings.add(() -> {
        throw new IOException(name);
      });
    }

    assertThatThrownBy(belongings::close)
        .isInstanceOf(IOException.class)
        .hasMessage("two")
        .hasSuppressedException(new IOException("one"));
    assertThat(ended).containsExactly("directory");
  }

  @Test
  void add_whileAnotherThreadCloses_endsTheThingAtOnce() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch added = new CountDownLatch(1);
    belongings.add(() -> {
      closing.countDown();
      await(added);
      ended.add("old");
    });
    Thread closer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                belongings.close();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    closing.await();

    assertThatThrownBy(() -> belongings.add(() -> ended.add("new")))
        .isInstanceOf(InterruptedException.class);
    added.countDown();
    belongings.close();

    assertThat(ended).containsExactly("new", "old");
    closer.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
