package org.hanse.simulation.attack.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;

/** A call of a site's that goes on to the honest coordinator, message by message. */
final class PassedCall extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> site;
  private final ClientCall<byte[], byte[]> coordinator;
  private final Edits edits;
  private boolean answered;
  private boolean waiting;

  private PassedCall(
      ServerCall<byte[], byte[]> site, ClientCall<byte[], byte[]> coordinator, Edits edits) {
    this.site = site;
    this.coordinator = coordinator;
    this.edits = edits;
  }

  static PassedCall start(
      ServerCall<byte[], byte[]> site, ClientCall<byte[], byte[]> coordinator, Edits edits) {
    PassedCall call = new PassedCall(site, coordinator, edits);
    coordinator.start(call.new Back(), new Metadata());
    coordinator.request(1);
    site.request(1);
    return call;
  }

  @Override
  public void onMessage(byte[] request) {
    Optional<byte[]> own = edits.answer(request);
    if (own.isPresent()) {
      answer(own.get());
      return;
    }
    coordinator.sendMessage(request);
    synchronized (this) {
      waiting = !coordinator.isReady();
      if (waiting) {
        return;
      }
    }
    site.request(1);
  }

  private synchronized void answer(byte[] response) {
    answered = true;
    coordinator.cancel("answered in front", null);
    site.sendHeaders(new Metadata());
    site.sendMessage(response);
    site.close(Status.OK, new Metadata());
  }

  @Override
  public void onHalfClose() {
    if (!isAnswered()) {
      coordinator.halfClose();
    }
  }

  @Override
  public void onCancel() {
    coordinator.cancel("the site ended the call", null);
  }

  @Override
  public void onReady() {
    coordinator.request(1);
  }

  private synchronized boolean isAnswered() {
    return answered;
  }

  /** What the honest coordinator says. */
  private final class Back extends ClientCall.Listener<byte[]> {
    private boolean headed;

    @Override
    public void onHeaders(Metadata headers) {
      head();
    }

    private void head() {
      if (!headed) {
        headed = true;
        site.sendHeaders(new Metadata());
      }
    }

    @Override
    public void onMessage(byte[] response) {
      head();
      site.sendMessage(edits.response(response));
      if (site.isReady()) {
        coordinator.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!isAnswered()) {
        site.close(status, trailers);
      }
    }

    @Override
    public void onReady() {
      boolean more;
      synchronized (PassedCall.this) {
        more = waiting;
        waiting = false;
      }
      if (more) {
        site.request(1);
      }
    }
  }
}
