package org.hanse.coordinator.grpc;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;

/** Calls of one kind that may run at once: so many a caller, so many in all. Thread-safe. */
final class CallCap {
  private final String kind;
  private final int maxPerCaller;
  private final int maxInAll;
  private final Map<PeerIdentity, Integer> byCaller = new HashMap<>();
  private int inAll;

  /**
   * A cap that nobody has come to yet.
   *
   * @param kind what such calls are called in a refusal, in the plural
   */
  CallCap(String kind, int maxPerCaller, int maxInAll) {
    this.kind = kind;
    this.maxPerCaller = maxPerCaller;
    this.maxInAll = maxInAll;
  }

  /** What a running call holds. */
  interface Place {
    /** The call is over; may be said more than once. */
    void leave();
  }

  /**
   * Lets a call in.
   *
   * @throws io.grpc.StatusRuntimeException if there is no place; the caller may come back
   */
  synchronized Place enter(PeerIdentity caller) {
    int own = byCaller.getOrDefault(caller, 0);
    if (own >= maxPerCaller || inAll >= maxInAll) {
      throw StatusMapper.toStatus(
          Refusal.overloaded("too many " + kind + " at once", Retries.OVERLOAD));
    }
    byCaller.put(caller, own + 1);
    inAll++;
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (!left.getAndSet(true)) {
        leave(caller);
      }
    };
  }

  private synchronized void leave(PeerIdentity caller) {
    byCaller.computeIfPresent(caller, (c, count) -> count == 1 ? null : count - 1);
    inAll--;
  }
}
