package org.hanse.simulation.attack.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.SiteId;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.simulation.attack.Script;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.value.Work;

/** Sites' requests for work: answered by the honest coordinator, changed, or by the script. */
final class WorkDesk {
  private final Script script;
  private final List<Request> waiting = new ArrayList<>();

  WorkDesk(Script script) {
    this.script = script;
  }

  ServerCall.Listener<byte[]> start(
      SiteId site, ServerCall<byte[], byte[]> call, ClientCall<byte[], byte[]> coordinator) {
    call.request(2);
    return new Request(site, call, coordinator);
  }

  /** Looks again at what the script has for sites that wait. */
  synchronized void look() {
    List.copyOf(waiting).forEach(this::serve);
  }

  private synchronized void serve(Request request) {
    if (request.over) {
      return;
    }
    Optional<Work> invented = script.invented(request.site);
    if (invented.isPresent()) {
      request.coordinator.cancel("answered in front", null);
      answer(request, AttemptMessages.encodeNextWork(invented).toByteArray());
    } else if (!script.alone(request.site)) {
      request.passOn();
    }
  }

  private synchronized void answer(Request request, byte[] response) {
    if (end(request)) {
      request.call.sendHeaders(new Metadata());
      request.call.sendMessage(response);
      request.call.close(Status.OK, new Metadata());
    }
  }

  private synchronized void fail(Request request, Status status, Metadata trailers) {
    if (end(request)) {
      request.call.close(status, trailers);
    }
  }

  /** Whether it was still open. */
  private synchronized boolean end(Request request) {
    waiting.remove(request);
    boolean open = !request.over;
    request.over = true;
    return open;
  }

  /** The same bytes if the script changes nothing. */
  private byte[] changed(SiteId site, byte[] honest) {
    try {
      Optional<Work> work = AttemptMessages.decode(NextWorkResponse.parseFrom(honest));
      Optional<Work> told = work.map(item -> script.work(site, item));
      return told.equals(work) ? honest : AttemptMessages.encodeNextWork(told).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the honest coordinator speaks another protocol", e);
    }
  }

  /** One that has not been answered. */
  private final class Request extends ServerCall.Listener<byte[]> {
    private final SiteId site;
    private final ServerCall<byte[], byte[]> call;
    private final ClientCall<byte[], byte[]> coordinator;
    private Optional<byte[]> unsent = Optional.empty();
    private boolean over;

    Request(SiteId site, ServerCall<byte[], byte[]> call, ClientCall<byte[], byte[]> coordinator) {
      this.site = site;
      this.call = call;
      this.coordinator = coordinator;
    }

    @Override
    public void onMessage(byte[] request) {
      synchronized (WorkDesk.this) {
        waiting.add(this);
        unsent = Optional.of(request);
        coordinator.start(new Back(), new Metadata());
        coordinator.request(2);
        serve(this);
      }
    }

    void passOn() {
      unsent.ifPresent(request -> {
        coordinator.sendMessage(request);
        coordinator.halfClose();
      });
      unsent = Optional.empty();
    }

    @Override
    public void onCancel() {
      end(this);
      coordinator.cancel("the site ended the call", null);
    }

    private final class Back extends ClientCall.Listener<byte[]> {
      @Override
      public void onMessage(byte[] response) {
        try {
          answer(Request.this, changed(site, response));
        } catch (RuntimeException e) {
          fail(Request.this, Status.INTERNAL.withCause(e), new Metadata());
          throw e;
        }
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        if (!status.isOk()) {
          fail(Request.this, status, trailers);
        }
      }
    }
  }
}
