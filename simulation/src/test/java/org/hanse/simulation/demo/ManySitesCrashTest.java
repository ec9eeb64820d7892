package org.hanse.simulation.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A coordinator's process that is killed under fifty sites: how long it takes until it serves again
 * and until all of them are back, as an operator would wait for them. The sites train nothing worth
 * mentioning and share this process.
 */
@Tag("crash")
@Isolated("it measures time")
@Timeout(600)
class ManySitesCrashTest {
  private static final int SITES = 50;
  private static final int ROUNDS = 2;
  private static final Duration SERVING_AGAIN = Duration.ofSeconds(10);
  private static final Duration ALL_BACK = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private final Set<SiteId> connected = new HashSet<>();
  private final Map<Long, Set<SiteId>> closed = new HashMap<>();

  @Test
  void coordinatorKilled_servesAndAllSitesAreBackSoon() throws Exception {
    ConsortiumFiles files = new ConsortiumFiles(directory, LocalConsortium.scenario(SITES, ROUNDS));
    files.write();
    Coordinator first = new Coordinator(files.coordinatorConfig());
    List<LocalSite> sites = new ArrayList<>();
    try {
      Map<SiteId, Integer> ports = new HashMap<>();
      files.sites().forEach(site -> ports.put(site, first.port));
      files.connect(first.port, ports);
      LocalConsortium.submit(files);
      for (SiteId site : files.sites()) {
        sites.add(LocalSite.start(files.siteConfig(site), new Heard(site)));
      }
      await(() -> connected.size() == SITES);
      await(() -> closedBy(1) > 0);

      first.kill();
      long killed = System.nanoTime();
      forgetConnections();
      try (Coordinator second = new Coordinator(files.coordinatorConfig())) {
        Duration serving = Duration.ofNanos(System.nanoTime() - killed);
        await(() -> connected.size() == SITES);
        Duration back = Duration.ofNanos(System.nanoTime() - killed);
        System.out.printf(
            "serving again after %.1f s, all %d sites back after %.1f s%n",
            serving.toMillis() / 1e3, SITES, back.toMillis() / 1e3);

        assertThat(serving).isLessThanOrEqualTo(SERVING_AGAIN);
        assertThat(back).isLessThanOrEqualTo(ALL_BACK);
        await(() -> closedBy(ROUNDS) > SITES / 2);
        assertThat(second.port).isEqualTo(first.port);
      }
    } finally {
      first.close();
      sites.forEach(LocalSite::close);
    }
  }

  private synchronized void forgetConnections() {
    connected.clear();
  }

  private int closedBy(long round) {
    return closed.getOrDefault(round, Set.of()).size();
  }

  private interface Condition {
    boolean holds();
  }

  private synchronized void await(Condition condition) throws InterruptedException {
    while (!condition.holds()) {
      wait();
    }
  }

  /** The program of a coordinator, which listens. */
  private static final class Coordinator implements AutoCloseable {
    private final Process process;
    final int port;

    Coordinator(Path config) throws Exception {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.hanse.coordinator.CoordinatorMain",
                  "serve",
                  "--config",
                  config.toString(),
                  "-o",
                  "jsonl")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader said =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      String line = said.readLine();
      if (line == null || !line.contains("\"listening\"")) {
        throw new AssertionError("the coordinator does not listen: " + line);
      }
      String address = JobEventLine.field(line, "address");
      port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    void kill() {
      process.destroyForcibly();
      var _ = process.onExit().join();
    }

    @Override
    public void close() {
      kill();
    }
  }

  /** What a site tells. */
  private final class Heard extends UnheardEvents {
    private final SiteId self;

    Heard(SiteId self) {
      this.self = self;
    }

    @Override
    public void connected(SiteId site) {
      synchronized (ManySitesCrashTest.this) {
        connected.add(self);
        ManySitesCrashTest.this.notifyAll();
      }
    }

    @Override
    public void roundClosed(RoundId round, Hash modelHash) {
      synchronized (ManySitesCrashTest.this) {
        closed.computeIfAbsent(round.round(), number -> new HashSet<>()).add(self);
        ManySitesCrashTest.this.notifyAll();
      }
    }
  }
}
