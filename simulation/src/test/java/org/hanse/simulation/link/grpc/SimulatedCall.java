package org.hanse.simulation.link.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.hanse.simulation.link.grpc.Link.Direction;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;
import org.jspecify.annotations.Nullable;

/** One call, as the site sees it; its other end is a {@link ServerEnd}. */
final class SimulatedCall<Q, A> extends ClientCall<Q, A> {
  /** Sent and not yet arrived; with more, the caller waits. */
  private static final int WINDOW_BYTES = 32 << 10;

  private static final Duration LONGEST_REPEAT = Duration.ofSeconds(90);

  private final Link link;
  private final SimulatedProcess caller;
  private final MethodDescriptor<Q, A> method;
  private final Optional<Duration> limit;
  private final Executor executor;
  private final Deque<A> received = new ArrayDeque<>();
  private final List<byte[]> sent = new ArrayList<>();
  private @Nullable Listener<A> listener;
  private @Nullable ServerEnd server;
  private @Nullable Status closing;
  private Metadata closingTrailers = new Metadata();
  private World.Alarm deadline = () -> {};
  private int requested;
  private int underwayBytes;
  private long lastArrivalNanos;
  private boolean over;
  private final Fate fate;
  private int bytesUntilCut;

  /** What the network has in mind for a call. */
  private enum Fate {
    ARRIVES,
    LOST_BEFORE,
    LOST_AFTER,
    SWALLOWED,
    REPEATED,
    CUT
  }

  SimulatedCall(
      Link link,
      SimulatedProcess caller,
      MethodDescriptor<Q, A> method,
      CallOptions options,
      Optional<Duration> limit) {
    this.link = link;
    this.caller = caller;
    this.method = method;
    this.limit = limit;
    this.executor =
        options.getExecutor() == null
            ? new SerialTasks(caller, "transport")
            : options.getExecutor();
    this.fate = fate();
    this.bytesUntilCut = 1 + link.random().nextInt(20_000);
  }

  private Fate fate() {
    Conditions now = link.conditions();
    boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
    double drawn = link.random().nextDouble();
    double lost = now.lost();
    if (drawn < lost) {
      return link.random().nextBoolean() ? Fate.LOST_BEFORE : Fate.LOST_AFTER;
    }
    if (unary && drawn < lost + now.swallowed()) {
      return Fate.SWALLOWED;
    }
    if (unary && drawn < lost + now.swallowed() + now.repeated()) {
      return Fate.REPEATED;
    }
    return !unary && link.random().nextDouble() < now.cut() ? Fate.CUT : Fate.ARRIVES;
  }

  SimulatedProcess caller() {
    return caller;
  }

  private String name() {
    return link.site() + " " + method.getBareMethodName();
  }

  @Override
  public void start(Listener<A> responses, Metadata headers) {
    listener = responses;
    link.opened(this);
    limit.ifPresent(time -> deadline = caller.after(time, this::late));
    if (fate != Fate.ARRIVES) {
      link.world().note(name() + " will be " + fate);
    }
    up(0, this::open);
    executor.execute(responses::onReady);
  }

  private void open() {
    Front.Listening now = link.front().listening();
    if (now == null) {
      broken(Status.UNAVAILABLE.withDescription("connection refused"));
      return;
    }
    ServerEnd opened = new ServerEnd(link, now, method.getFullMethodName(), this);
    server = opened;
    link.brokenWith(now.process(), this);
    opened.start();
  }

  /** Sends something to the coordinator's end. */
  private void up(int bytes, Runnable arrival) {
    if (over) {
      return;
    }
    if (fate == Fate.SWALLOWED) {
      return;
    }
    if (fate == Fate.CUT) {
      bytesUntilCut -= bytes;
      if (bytesUntilCut < 0) {
        link.carry(Direction.TO_COORDINATOR, arrivesIn(), link::reset);
        return;
      }
    }
    underwayBytes += bytes;
    link.carry(
        Direction.TO_COORDINATOR,
        arrivesIn(),
        () -> {
          underwayBytes -= bytes;
          if (over) {
            return;
          }
          if (fate == Fate.LOST_BEFORE) {
            link.reset();
            return;
          }
          arrival.run();
          if (bytes > 0 && underwayBytes < WINDOW_BYTES && !over) {
            executor.execute(Objects.requireNonNull(listener)::onReady);
          }
        });
  }

  /** Not before what left before. */
  private Duration arrivesIn() {
    long now = link.world().nanos();
    lastArrivalNanos = Math.max(lastArrivalNanos, now + link.latency().toNanos());
    return Duration.ofNanos(lastArrivalNanos - now);
  }

  @Override
  public void sendMessage(Q message) {
    byte[] bytes = bytes(method.streamRequest(message));
    sent.add(bytes);
    up(bytes.length, () -> toServer(end -> end.message(bytes)));
  }

  @Override
  public void halfClose() {
    up(0, () -> toServer(ServerEnd::halfClose));
    if (fate == Fate.REPEATED) {
      long most = LONGEST_REPEAT.toNanos();
      double share = link.random().nextDouble();
      link.carry(
          Direction.TO_COORDINATOR,
          Duration.ofNanos((long) (most * share * share * share)),
          this::repeat);
    }
  }

  /** The same request once more; its answer goes nowhere. */
  private void repeat() {
    Front.Listening now = link.front().listening();
    if (now != null) {
      link.world().note(name() + " arrives again");
      ServerEnd again = new ServerEnd(link, now, method.getFullMethodName(), null);
      again.start();
      sent.forEach(again::message);
      again.halfClose();
    }
  }

  private void toServer(Consumer<ServerEnd> event) {
    ServerEnd end = server;
    if (end != null) {
      event.accept(end);
    }
  }

  @Override
  public void request(int count) {
    requested += count;
    deliver();
  }

  @Override
  public boolean isReady() {
    return !over && underwayBytes < WINDOW_BYTES;
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    if (!over) {
      up(0, () -> {});
      ServerEnd end = server;
      if (end != null) {
        link.carry(Direction.TO_COORDINATOR, arrivesIn(), end::cancelled);
      }
      end(Status.CANCELLED.withDescription(message).withCause(cause), new Metadata());
    }
  }

  private void late() {
    if (!over) {
      link.world().note(name() + " has taken too long");
      ServerEnd end = server;
      if (end != null) {
        link.carry(Direction.TO_COORDINATOR, arrivesIn(), end::cancelled);
      }
      end(Status.DEADLINE_EXCEEDED, new Metadata());
    }
  }

  /** The connection is gone, for both ends. */
  void broken(Status status) {
    if (!over) {
      ServerEnd end = server;
      if (end != null) {
        end.cancelled();
      }
      end(status, new Metadata());
    }
  }

  /** A message from the coordinator has arrived. */
  void arrived(byte[] bytes) {
    if (!over && closing == null) {
      received.add(method.parseResponse(new ByteArrayInputStream(bytes)));
      deliver();
    }
  }

  /** The coordinator's last word has arrived. */
  void closed(Status status, Metadata trailers) {
    if (!over) {
      closing = status;
      closingTrailers = trailers;
      link.answerArrived();
      deliver();
    }
  }

  /** Whether the answer does not come through. */
  boolean loses() {
    return fate == Fate.LOST_AFTER;
  }

  /** Whether the stream of answers breaks here. */
  boolean cutsAt(int bytes) {
    if (fate == Fate.CUT && method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING) {
      bytesUntilCut -= bytes;
      return bytesUntilCut < 0;
    }
    return false;
  }

  private void deliver() {
    while (requested > 0 && !received.isEmpty()) {
      requested--;
      A message = received.remove();
      executor.execute(() -> Objects.requireNonNull(listener).onMessage(message));
    }
    Status last = closing;
    if (last != null && received.isEmpty() && !over) {
      end(last, closingTrailers);
    }
  }

  private void end(Status status, Metadata trailers) {
    over = true;
    deadline.cancel();
    link.closed(this);
    if (caller.alive()) {
      executor.execute(() -> Objects.requireNonNull(listener).onClose(status, trailers));
    }
  }

  static byte[] bytes(InputStream stream) {
    try (stream) {
      byte[] bytes = new byte[stream.available()]; // gRPC's streams hold what they say
      stream.readNBytes(bytes, 0, bytes.length);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
