package org.hanse.client.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.KeyFileException;
import org.hanse.client.config.PrivateFile;
import org.hanse.client.config.TlsFiles;
import org.hanse.wire.WireLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-lived HTTP/2 connection to the coordinator: TLS 1.3 only, both ends authenticated. The
 * coordinator's certificate must come from the given authority alone and name the address that was
 * dialled. The connection is made, and made again, when a call needs it.
 *
 * <p>Callbacks of asynchronous calls run on the transport's thread: they must not block.
 * Thread-safe.
 */
public final class CoordinatorChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorChannel.class);

  /** Bulk transfers ran at a third of their speed with HTTP/2's default of 64 KiB. */
  private static final int INITIAL_WINDOW_BYTES = 1 << 20;

  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 10;
  private static final int CLOSE_SECONDS = 2;

  private final ManagedChannel channel;

  private CoordinatorChannel(ManagedChannel channel) {
    this.channel = channel;
  }

  /**
   * Prepares a channel; nothing is sent yet.
   *
   * @throws KeyFileException if a file cannot be read or is no PEM certificate or PKCS#8 key, or if
   *     others may read or change the key
   * @throws IOException if a file's permissions cannot be read
   */
  public static CoordinatorChannel open(CoordinatorAddress address, TlsFiles tls)
      throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .sslContext(clientContext(tls))
            .directExecutor()
            .initialFlowControlWindow(INITIAL_WINDOW_BYTES)
            .maxInboundMessageSize(WireLimits.MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .disableRetry() // every caller has its own: calls are idempotent, streams resume
            .build();
    return new CoordinatorChannel(channel);
  }

  /** For stubs. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Ends all calls. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SslContext clientContext(TlsFiles tls) throws IOException {
    for (Path file : List.of(tls.certificate(), tls.key(), tls.authority())) {
      if (!Files.isReadable(file)) {
        throw new KeyFileException("cannot read " + file);
      }
    }
    PrivateFile.check(tls.key());
    SslProvider provider = SslProvider.OPENSSL;
    if (!OpenSsl.isAvailable()) {
      LOG.info(
          "BoringSSL is not available ({}); TLS runs on the JDK's provider, which costs more CPU",
          String.valueOf(OpenSsl.unavailabilityCause()));
      provider = SslProvider.JDK;
    }
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), provider)
          .protocols("TLSv1.3")
          .keyManager(tls.certificate().toFile(), tls.key().toFile())
          .trustManager(tls.authority().toFile())
          .build();
    } catch (IllegalArgumentException e) {
      throw new KeyFileException(
          "cannot use "
              + tls.certificate()
              + ", "
              + tls.key()
              + " and "
              + tls.authority()
              + " for TLS: they must be PEM files, the key PKCS#8 without a password",
          e);
    }
  }
}
