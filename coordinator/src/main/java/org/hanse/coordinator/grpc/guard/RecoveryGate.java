package org.hanse.coordinator.grpc.guard;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;

/** Lets nobody in but health checks until the jobs stand where they stood. */
public final class RecoveryGate implements ServerInterceptor {
  private volatile boolean open;

  /** From now on everybody. */
  public void open() {
    open = true;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!open && !HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
      throw StatusMapper.toStatus(
          ErrorReason.STARTING, "the coordinator is still reading what it had stored");
    }
    return next.startCall(call, headers);
  }
}
