package org.hanse.simulation.link.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;
import org.hanse.simulation.world.SimulatedProcess;

/** What a site's client calls through. */
public final class SimulatedManagedChannel extends ManagedChannel {
  private final Link link;
  private final SimulatedProcess process;
  private final CallTimeLimits limits;

  SimulatedManagedChannel(Link link, SimulatedProcess process, CallTimeLimits limits) {
    this.link = link;
    this.process = process;
    this.limits = limits;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    return new SimulatedCall<>(link, process, method, options, limits.current());
  }

  @Override
  public String authority() {
    return "coordinator";
  }

  @Override
  public ManagedChannel shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ManagedChannel shutdownNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
