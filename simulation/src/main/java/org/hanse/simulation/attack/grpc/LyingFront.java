package org.hanse.simulation.attack.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.TlsFiles;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.coordinator.authority.CertificateName;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.coordinator.authority.PemFiles;
import org.hanse.core.plan.SiteId;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.simulation.attack.Backstage;
import org.hanse.simulation.attack.Script;
import org.hanse.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * Where sites connect in the belief that it is the coordinator: it has the coordinator's keys. All
 * calls go on to an honest coordinator, their bytes untouched, but for what the script changes.
 */
public final class LyingFront implements AutoCloseable {
  private static final int DRAIN_SECONDS = 2;

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<SiteId, CoordinatorChannel> channels = new HashMap<>();
  private final Script script;
  private final WorkDesk desk;
  private final Server server;

  private LyingFront(
      Credentials credentials,
      CoordinatorAddress coordinator,
      Function<Backstage, Script> scripts,
      Consumer<String> told)
      throws IOException {
    for (Map.Entry<SiteId, TlsFiles> site : credentials.sites().entrySet()) {
      channels.put(site.getKey(), CoordinatorChannel.open(coordinator, site.getValue()));
    }
    OperatorTools tools =
        new OperatorTools(
            PemFiles.signingKey(credentials.signingKey()),
            channels.values().iterator().next().channel(),
            told);
    this.script = scripts.apply(tools);
    this.desk = new WorkDesk(script);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls(credentials.tls()))
            .executor(executor)
            .maxInboundMessageSize(WireLimits.MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .fallbackHandlerRegistry(new Methods())
            .build();
  }

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param coordinator the honest one
   * @param scripts makes the script for a coordinator that has these tools
   * @param told hears what is being done, on any thread
   */
  public static LyingFront start(
      Credentials credentials,
      CoordinatorAddress coordinator,
      Function<Backstage, Script> scripts,
      Consumer<String> told)
      throws IOException {
    LyingFront front = new LyingFront(credentials, coordinator, scripts, told);
    try {
      front.server.start();
      return front;
    } catch (IOException e) {
      front.close();
      throw e;
    }
  }

  /** Where sites connect. */
  public int port() {
    return server.getPort();
  }

  private static SslContext tls(TlsFiles files) throws IOException {
    return GrpcSslContexts.forServer(files.certificate().toFile(), files.key().toFile())
        .trustManager(files.authority().toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .protocols("TLSv1.3")
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    channels.values().forEach(CoordinatorChannel::close);
    try {
      server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }

  /** Takes calls of all methods, whatever they are. */
  private final class Methods extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method = RawBytes.method(name);
      return ServerMethodDefinition.create(method, (call, headers) -> take(method, call));
    }
  }

  private ServerCall.Listener<byte[]> take(
      MethodDescriptor<byte[], byte[]> method, ServerCall<byte[], byte[]> call) {
    SiteId site = caller(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    CoordinatorChannel channel = site == null ? null : channels.get(site);
    if (site == null || channel == null) {
      call.close(Status.PERMISSION_DENIED, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    String name = method.getFullMethodName();
    // Never on the transport's thread: a script may wait for an answer of the coordinator's.
    ClientCall<byte[], byte[]> onward =
        channel.channel().newCall(method, CallOptions.DEFAULT.withExecutor(executor));
    return name.equals(SiteServiceGrpc.getNextWorkMethod().getFullMethodName())
        ? desk.start(site, call, onward)
        : PassedCall.start(call, onward, new ScriptedEdits(script, desk, site).of(name));
  }

  private static @Nullable SiteId caller(@Nullable SSLSession session) {
    try {
      if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate peer) {
        Optional<CertificateName> name = CertificateName.of(peer);
        if (name.isPresent() && name.get().identity() instanceof PeerIdentity.Site(SiteId id)) {
          return id;
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      // Nobody that this is for.
    }
    return null;
  }
}
