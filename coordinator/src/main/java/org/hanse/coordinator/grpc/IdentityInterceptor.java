package org.hanse.coordinator.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;

/**
 * Binds every call to the identity in the peer's certificate and refuses what the policy does not
 * allow. Whoever gets past it is known; nobody else is served.
 */
final class IdentityInterceptor implements ServerInterceptor {
  private final AccessPolicy policy;

  IdentityInterceptor(AccessPolicy policy) {
    this.policy = policy;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    PeerConnections.Connection connection = call.getAttributes().get(PeerConnections.CONNECTION);
    if (connection == null) {
      // TLS lets nobody in without one.
      throw StatusMapper.toStatus(
          ErrorReason.CERTIFICATE_REFUSED, "a client certificate is required");
    }
    return switch (connection.peer()) {
      case PeerConnections.Peer.Unnamed() ->
          throw StatusMapper.toStatus(
              ErrorReason.CERTIFICATE_REFUSED, "the certificate names nobody of this consortium");
      case PeerConnections.Peer.Excess() ->
          throw StatusMapper.toStatus(
              Refusal.overloaded("this certificate has too many connections", Retries.OVERLOAD));
      case PeerConnections.Peer.Known(PeerIdentity identity) -> {
        if (!policy.allows(call.getMethodDescriptor().getFullMethodName(), identity)) {
          throw StatusMapper.toStatus(
              ErrorReason.WRONG_ROLE, "this certificate may not call this method");
        }
        yield Contexts.interceptCall(
            Context.current().withValue(Callers.CALLER, identity), call, headers, next);
      }
    };
  }
}
