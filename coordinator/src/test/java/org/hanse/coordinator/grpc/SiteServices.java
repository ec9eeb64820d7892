package org.hanse.coordinator.grpc;

import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.util.function.BiConsumer;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.coordinator.grpc.guard.RecoveryGate;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.status.StatusGuard;

/**
 * What sites can call, with all that stands between them and the services but the transport: whose
 * call it is, an attribute of the call says.
 */
public final class SiteServices {
  /** The calling site, as its certificate would say. */
  public static final Attributes.Key<SiteId> SITE = Attributes.Key.create("simulated-site");

  private SiteServices() {}

  /**
   * The site service as a coordinator binds it.
   *
   * @param gate lets nobody in before it is open
   * @param unexpected hears of a method and of what it should not have thrown
   */
  public static ServerServiceDefinition of(
      ServiceParts parts,
      CallRegister calls,
      RecoveryGate gate,
      BiConsumer<String, Throwable> unexpected) {
    CallTimes times = CallTimes.DEFAULT;
    BindableService sites = new SiteEndpoint(parts, new Downloads(parts, times.answerStall()));
    // The last one is the outermost.
    return ServerInterceptors.intercept(
        StatusGuard.parsedInside(sites.bindService()),
        gate,
        new PresenceInterceptor(calls),
        new RequestTimeout(parts.timers(), parts.clock(), times.requestStall()),
        new Named(),
        new StatusGuard(unexpected::accept));
  }

  private static final class Named implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      SiteId site = call.getAttributes().get(SITE);
      if (site == null) {
        throw new IllegalStateException("a call of nobody");
      }
      return Contexts.interceptCall(
          Context.current().withValue(Callers.CALLER, new PeerIdentity.Site(site)),
          call,
          headers,
          next);
    }
  }
}
