package org.hanse.coordinator.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hanse.coordinator.authority.CoordinatorKeys;
import org.hanse.coordinator.grpc.guard.AddressCap;
import org.hanse.coordinator.grpc.guard.RecoveryGate;
import org.hanse.coordinator.grpc.guard.UnknownMethods;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.StatusGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening server. Every limit that gRPC and Netty leave open by default is set here: the
 * reasons are in docs/threat-model.md.
 */
public final class CoordinatorServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CoordinatorServer.class);

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final Duration KEEPALIVE_FLOOR = Duration.ofSeconds(30);
  private static final Duration PING_EVERY = Duration.ofSeconds(20);
  private static final Duration PING_ANSWER = Duration.ofSeconds(10);
  private static final Duration MAX_IDLE = Duration.ofMinutes(10);
  private static final Duration MAX_AGE = Duration.ofHours(12);
  private static final Duration AGE_GRACE = Duration.ofMinutes(30);
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final int MAX_CALLS_PER_CONNECTION = 100;
  private static final int MAX_RESETS = 200;
  private static final int RESET_WINDOW_SECONDS = 30;

  /** Below 1 MiB the window, not the link, limits an upload. */
  private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

  private final Server server;
  private final HealthStatusManager health;
  private final RecoveryGate gate;
  private final EventLoopGroup acceptors;
  private final EventLoopGroup connections;

  private CoordinatorServer(
      Server server,
      HealthStatusManager health,
      RecoveryGate gate,
      EventLoopGroup acceptors,
      EventLoopGroup connections) {
    this.server = server;
    this.health = health;
    this.gate = gate;
    this.acceptors = acceptors;
    this.connections = connections;
  }

  /**
   * Listens, and answers health checks only, until {@link #serve}.
   *
   * @throws IOException if the address cannot be bound or the TLS files do not fit
   */
  public static CoordinatorServer start(
      InetSocketAddress address, CoordinatorKeys keys, ServiceParts parts, CallRegister calls)
      throws IOException {
    return start(address, keys, parts, calls, CallTimes.DEFAULT);
  }

  static CoordinatorServer start(
      InetSocketAddress address,
      CoordinatorKeys keys,
      ServiceParts parts,
      CallRegister calls,
      CallTimes times)
      throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    EventLoopGroup acceptors = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    EventLoopGroup connections = new MultiThreadIoEventLoopGroup(0, NioIoHandler.newFactory());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .sslContext(ServerTls.context(keys))
            .bossEventLoopGroup(acceptors)
            .workerEventLoopGroup(connections)
            .channelFactory(() -> new AddressCap(AddressCap.MAX_PER_ADDRESS))
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .executor(parts.executor())
            .addTransportFilter(new PeerConnections(keys.authority()))
            .fallbackHandlerRegistry(new UnknownMethods());
    limit(builder);
    Downloads downloads = new Downloads(parts, times.answerStall());
    for (BindableService service :
        List.of(
            new SiteEndpoint(parts, downloads),
            new JobEndpoint(parts, downloads, times),
            health.getHealthService())) {
      builder.addService(StatusGuard.parsedInside(service.bindService()));
    }
    RecoveryGate gate = new RecoveryGate();
    // The last one added is the outermost.
    builder
        .intercept(gate)
        .intercept(new PresenceInterceptor(calls))
        .intercept(new RequestTimeout(parts.timers(), parts.clock(), times.requestStall()))
        .intercept(new IdentityInterceptor(new AccessPolicy()))
        .intercept(new StatusGuard((method, cause) -> log.error("{} failed", method, cause)));
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      stop(acceptors);
      stop(connections);
      throw new IOException("cannot listen on " + address, e);
    }
    return new CoordinatorServer(server, health, gate, acceptors, connections);
  }

  /** From now on calls are taken. */
  public void serve() {
    gate.open();
    serving(ServingStatus.SERVING);
  }

  private static void limit(NettyServerBuilder builder) {
    builder
        .handshakeTimeout(HANDSHAKE.toSeconds(), TimeUnit.SECONDS)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
        .maxInboundMessageSize(WireLimits.MAX_MESSAGE_BYTES)
        .maxInboundMetadataSize(WireLimits.MAX_METADATA_BYTES)
        .permitKeepAliveTime(KEEPALIVE_FLOOR.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(PING_EVERY.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(PING_ANSWER.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionIdle(MAX_IDLE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionAge(MAX_AGE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionAgeGrace(AGE_GRACE.toSeconds(), TimeUnit.SECONDS)
        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES);
  }

  /** The port it listens on; the one asked for unless that was 0. */
  public int port() {
    return server.getPort();
  }

  private void serving(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(SiteServiceGrpc.SERVICE_NAME, status);
    health.setStatus(JobServiceGrpc.SERVICE_NAME, status);
  }

  /** Says that it is going, takes no more calls, gives those in flight some seconds, stops. */
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    stop(acceptors);
    stop(connections);
  }

  private static void stop(EventLoopGroup group) {
    long patience = DRAIN.toSeconds();
    if (!group
        .shutdownGracefully(0, patience, TimeUnit.SECONDS)
        .awaitUninterruptibly(patience, TimeUnit.SECONDS)) {
      log.warn("connections are slow to end");
    }
  }
}
