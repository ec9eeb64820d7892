package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.SiteKilled;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UploadBreakerTest {
  private static final SiteId SITE_1 = new SiteId("site-1");
  private static final SiteId SITE_2 = new SiteId("site-2");
  private static final StageReached UPLOAD = new StageReached(1, "shares", 5);

  /** Fewer than an example's upload, more than passes of one that is broken. */
  private static final int UPLOAD_BYTES = 2_000;

  private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
  private final List<DemoEvent> reported = new ArrayList<>();

  @TempDir private Path directory;
  private ServerSocket coordinator;
  private Children children;
  private Programs programs;

  @BeforeEach
  void prepare() throws Exception {
    coordinator = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    children =
        new Children(
            TestLauncher.write(directory, "exit 1", "exec sleep 60", "exit 1"),
            directory.resolve("logs"),
            events::add);
    programs =
        new Programs(
            children, events, new ConsortiumFiles(directory, TestScenario.small()), reported::add);
    programs.startSite(SITE_1);
    programs.startSite(SITE_2);
  }

  @AfterEach
  void end() throws IOException {
    children.close();
    coordinator.close();
  }

  @Test
  void on_twoSitesOfOneRound_neitherUploadEndsWhileTheOtherIsAwaited() throws Exception {
    try (UploadBreaker breaker = breaker(Duration.ofSeconds(30))) {
      Map<SiteId, Integer> ports = breaker.listen(coordinator.getLocalPort());
      try (Socket first = connect(ports, SITE_1);
          Socket firstAccepted = coordinator.accept();
          Socket second = connect(ports, SITE_2);
          Socket secondAccepted = coordinator.accept()) {
        FutureTask<Void> kills =
            new FutureTask<>(() -> {
              breaker.on(UPLOAD, programs, reported::add);
              return null;
            });
        Thread.ofPlatform().start(kills);
        second.getOutputStream().write(new byte[UPLOAD_BYTES]);
        int ofSecond = untilSilent(secondAccepted);
        first.getOutputStream().write(new byte[UPLOAD_BYTES]);
        kills.get();

        assertThat(ofSecond).isPositive().isLessThan(UPLOAD_BYTES / 2);
        assertThat(untilSilent(firstAccepted)).isPositive().isLessThan(UPLOAD_BYTES / 2);
        assertThat(untilSilent(secondAccepted)).isZero();
      }
    }
    assertThat(reported).containsExactly(new SiteKilled(1, SITE_1), new SiteKilled(1, SITE_2));
  }

  @Test
  void on_siteThatSendsNothing_failure() throws Exception {
    try (UploadBreaker breaker = breaker(Duration.ofMillis(100))) {
      breaker.listen(coordinator.getLocalPort());

      assertThatThrownBy(() -> breaker.on(UPLOAD, programs, reported::add))
          .isInstanceOf(DemoFailure.class)
          .hasMessageContaining("site-1 could not be killed during its upload in round 1");
    }
    assertThat(reported).isEmpty();
  }

  private static UploadBreaker breaker(Duration patience) {
    return new UploadBreaker(
        List.of(new Disturbance(SITE_1, 1), new Disturbance(SITE_2, 1)), 20_000, patience);
  }

  private static Socket connect(Map<SiteId, Integer> ports, SiteId site) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), ports.getOrDefault(site, 0));
  }

  /** Bytes that arrive until the end or until none does for a second. */
  private static int untilSilent(Socket socket) throws IOException {
    socket.setSoTimeout(1_000);
    int count = 0;
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        count++;
      }
    } catch (SocketTimeoutException | SocketException e) {
      // Nothing more comes; a reset is an end too.
    }
    return count;
  }
}
