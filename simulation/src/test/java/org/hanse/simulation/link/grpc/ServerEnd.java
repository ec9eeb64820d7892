package org.hanse.simulation.link.grpc;

import io.grpc.Attributes;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.hanse.coordinator.grpc.SiteServices;
import org.hanse.simulation.link.grpc.Link.Direction;
import org.jspecify.annotations.Nullable;

/** The coordinator's end of a call. Every event of a call comes after the one before is done. */
final class ServerEnd {
  private static final int WINDOW_BYTES = 32 << 10;

  private final Link link;
  private final Front.Listening front;
  private final String method;
  private final SerialTasks tasks;
  private final @Nullable SimulatedCall<?, ?> peer;
  private final Deque<byte[]> received = new ArrayDeque<>();
  private @Nullable Call<?, ?> call;
  private int requested;
  private int underwayBytes;
  private long lastArrivalNanos;
  private boolean halfClosed;
  private boolean closed;
  private boolean cancelled;

  /**
   * Not started.
   *
   * @param peer who hears the answer; null if nobody does
   */
  ServerEnd(Link link, Front.Listening front, String method, @Nullable SimulatedCall<?, ?> peer) {
    this.link = link;
    this.front = front;
    this.method = method;
    this.peer = peer;
    this.tasks = new SerialTasks(front.process(), "call");
  }

  void start() {
    ServerMethodDefinition<?, ?> definition =
        Objects.requireNonNull(front.method(method), () -> "no method " + method);
    Call<?, ?> made = new Call<>(definition);
    call = made;
    tasks.execute(made::start);
  }

  void message(byte[] bytes) {
    received.add(bytes);
    tasks.execute(this::deliver);
  }

  void halfClose() {
    halfClosed = true;
    tasks.execute(this::deliver);
  }

  /** The site's end is gone. */
  void cancelled() {
    if (!closed && !cancelled) {
      cancelled = true;
      tasks.execute(() -> Objects.requireNonNull(call).onCancel());
    }
  }

  private void deliver() {
    Call<?, ?> current = Objects.requireNonNull(call);
    while (requested > 0 && !received.isEmpty() && !closed && !cancelled) {
      requested--;
      current.onMessage(received.remove());
    }
    if (halfClosed && received.isEmpty() && !closed && !cancelled) {
      halfClosed = false;
      current.onHalfClose();
    }
  }

  /** As a transport hands over a message. */
  private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
    KnownBytes(byte[] bytes) {
      super(bytes);
    }
  }

  /** The gRPC side of it, with its types. */
  private final class Call<Q, A> extends ServerCall<Q, A> {
    private final ServerMethodDefinition<Q, A> definition;
    private @Nullable Listener<Q> listener;

    Call(ServerMethodDefinition<Q, A> definition) {
      this.definition = definition;
    }

    void start() {
      listener = definition.getServerCallHandler().startCall(this, new Metadata());
      Objects.requireNonNull(listener).onReady();
    }

    private Listener<Q> heard() {
      return Objects.requireNonNull(listener);
    }

    void onMessage(byte[] bytes) {
      heard().onMessage(definition.getMethodDescriptor().parseRequest(new KnownBytes(bytes)));
    }

    void onHalfClose() {
      heard().onHalfClose();
    }

    /** After the start, also of a call that was closed in it. */
    private void onComplete() {
      if (listener != null) {
        listener.onComplete();
      }
    }

    void onCancel() {
      if (listener != null) {
        listener.onCancel();
      }
    }

    @Override
    public void request(int count) {
      requested += count;
      tasks.execute(ServerEnd.this::deliver);
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(A message) {
      InputStream stream = definition.getMethodDescriptor().streamResponse(message);
      byte[] bytes = SimulatedCall.bytes(stream);
      SimulatedCall<?, ?> to = peer;
      if (to == null || cancelled) {
        return;
      }
      if (to.cutsAt(bytes.length)) {
        link.carry(Direction.TO_SITE, arrivesIn(), link::reset);
        return;
      }
      underwayBytes += bytes.length;
      down(() -> {
        boolean full = underwayBytes >= WINDOW_BYTES;
        underwayBytes -= bytes.length;
        to.arrived(bytes);
        if (full && underwayBytes < WINDOW_BYTES && !closed && !cancelled) {
          tasks.execute(heard()::onReady);
        }
      });
    }

    private void down(Runnable arrival) {
      link.carry(Direction.TO_SITE, arrivesIn(), arrival);
    }

    @Override
    public boolean isReady() {
      return !cancelled && underwayBytes < WINDOW_BYTES;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (closed || cancelled) {
        return;
      }
      closed = true;
      SimulatedCall<?, ?> to = peer;
      if (to != null && to.loses()) {
        down(link::reset);
      } else if (to != null) {
        // What a peer learns of a status is its code, its text and its trailers.
        Status sent = Status.fromCode(status.getCode()).withDescription(status.getDescription());
        down(() -> to.closed(sent, trailers));
      }
      tasks.execute(this::onComplete);
      if (status.isOk()) {
        link.front().answered(front.process());
      }
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
      return definition.getMethodDescriptor();
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.newBuilder().set(SiteServices.SITE, link.site()).build();
    }
  }

  private Duration arrivesIn() {
    long now = link.world().nanos();
    lastArrivalNanos = Math.max(lastArrivalNanos, now + link.latency().toNanos());
    return Duration.ofNanos(lastArrivalNanos - now);
  }
}
