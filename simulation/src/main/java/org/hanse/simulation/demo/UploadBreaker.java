package org.hanse.simulation.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.SiteKilled;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.hanse.simulation.relay.ByteRelay;

/**
 * Kills sites in the middle of their uploads, never before and never after. Such a site's bytes go
 * through a relay that is slow from the end of the round before, so that the upload takes seconds,
 * and that stops when its first bytes have passed. What the coordinator has then is never complete.
 */
final class UploadBreaker implements AutoCloseable {
  private static final int MOST_BYTES_PER_SECOND = 2_000;

  /** What happens at the coordinator is heard of here a little later: meanwhile no upload ends. */
  private static final int SECONDS_PER_UPLOAD = 5;

  /** So many of an upload pass: less than any example's, so that its end never does. */
  private static final int FIRST_BYTES = 500;

  private final int slowBytesPerSecond;
  private final Duration patience;
  private final Set<Disturbance> pending;
  private final Map<SiteId, ByteRelay> relays = new HashMap<>();

  /**
   * Nothing is listened to yet.
   *
   * @param uploadBytes of one site's upload
   * @param patience how long a site may take from the step's begin to its upload's first bytes
   */
  UploadBreaker(List<Disturbance> breaks, long uploadBytes, Duration patience) {
    this.slowBytesPerSecond =
        (int) Math.min(MOST_BYTES_PER_SECOND, uploadBytes / SECONDS_PER_UPLOAD);
    this.patience = patience;
    this.pending = new LinkedHashSet<>(breaks);
  }

  /** Starts the relays; the answer says where their sites connect. */
  Map<SiteId, Integer> listen(int coordinatorPort) throws IOException {
    InetSocketAddress coordinator =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), coordinatorPort);
    Map<SiteId, Integer> ports = new HashMap<>();
    for (Disturbance disturbance : pending) {
      if (!relays.containsKey(disturbance.site())) {
        relays.put(disturbance.site(), ByteRelay.start(coordinator));
      }
      ByteRelay relay = relays.get(disturbance.site());
      ports.put(disturbance.site(), relay.port());
      if (disturbance.round() == 1) {
        relay.slowTo(slowBytesPerSecond);
      }
    }
    return ports;
  }

  /**
   * Slows down and kills when it is time.
   *
   * @throws DemoFailure if a site to kill does not upload
   */
  void on(StageReached stage, Programs programs, Report report)
      throws DemoFailure, InterruptedException {
    for (Disturbance disturbance : pending) {
      boolean before = stage.round() == disturbance.round() - 1 && stage.stage().equals("result");
      if (before || stage.round() == disturbance.round()) {
        relay(disturbance).slowTo(slowBytesPerSecond);
      }
    }
    if (!stage.stage().equals("shares")) {
      return;
    }
    List<Disturbance> due =
        pending.stream().filter(disturbance -> disturbance.round() == stage.round()).toList();
    // All before the first is waited for: another's upload would go on meanwhile, to its end.
    due.forEach(disturbance -> relay(disturbance).freezeAfter(FIRST_BYTES));
    for (Disturbance disturbance : due) {
      if (!relay(disturbance).awaitFrozen(patience)) {
        throw DemoFailure.failed(
            "%s could not be killed during its upload in round %d: it sent none in %d seconds."
                .formatted(disturbance.site(), disturbance.round(), patience.toSeconds()));
      }
    }
    for (Disturbance disturbance : due) {
      programs.kill(disturbance.site());
      relay(disturbance).reset();
      pending.remove(disturbance);
      report.on(new SiteKilled(stage.round(), disturbance.site()));
    }
  }

  private ByteRelay relay(Disturbance disturbance) {
    ByteRelay relay = relays.get(disturbance.site());
    if (relay == null) {
      throw new IllegalStateException("no relay for " + disturbance.site());
    }
    return relay;
  }

  @Override
  public void close() throws IOException {
    for (ByteRelay relay : relays.values()) {
      relay.close();
    }
  }
}
