package org.hanse.coordinator.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.core.plan.SiteId;

/** Tells the register when a site's calls begin and end: that is how it is known to be there. */
final class PresenceInterceptor implements ServerInterceptor {
  private final CallRegister register;

  PresenceInterceptor(CallRegister register) {
    this.register = register;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!(Callers.CALLER.get() instanceof PeerIdentity.Site(SiteId site))) {
      return next.startCall(call, headers);
    }
    register.begin(site);
    try {
      return new EndingListener<>(next.startCall(call, headers), () -> register.end(site));
    } catch (RuntimeException e) {
      register.end(site);
      throw e;
    }
  }

  /** Exactly one of complete and cancel comes, and it comes once. */
  private static final class EndingListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Runnable end;

    EndingListener(ServerCall.Listener<Q> listener, Runnable end) {
      super(listener);
      this.end = end;
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        end.run();
      }
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        end.run();
      }
    }
  }
}
