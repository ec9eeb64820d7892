package org.hanse.coordinator.testing;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.hanse.coordinator.testing.TestAuthority.Credential;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;

/** One TLS connection to a coordinator on loopback. */
public record TestChannel(ManagedChannel channel) implements AutoCloseable {

  /** A connection that passes every call through the interceptors. */
  public static TestChannel to(
      int port, TestAuthority authority, Credential credential, ClientInterceptor... interceptors) {
    try {
      return to(
          port,
          GrpcSslContexts.forClient()
              .trustManager(authority.certificate())
              .keyManager(credential.keys().getPrivate(), credential.certificate()),
          interceptors);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e);
    }
  }

  public static TestChannel to(int port, SslContextBuilder tls, ClientInterceptor... interceptors) {
    try {
      return new TestChannel(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .sslContext(tls.build())
              .intercept(interceptors)
              .build());
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  public SiteServiceGrpc.SiteServiceBlockingStub site() {
    return SiteServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public SiteServiceGrpc.SiteServiceStub siteStreams() {
    return SiteServiceGrpc.newStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  public JobServiceGrpc.JobServiceStub jobStreams() {
    return JobServiceGrpc.newStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** Cuts the connection, calls in flight and all. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
