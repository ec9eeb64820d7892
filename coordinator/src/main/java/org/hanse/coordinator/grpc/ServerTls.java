package org.hanse.coordinator.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import org.hanse.coordinator.authority.CoordinatorKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS 1.3 and nothing older, with a client certificate or not at all. */
final class ServerTls {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  private ServerTls() {}

  static SslContext context(CoordinatorKeys keys) throws IOException {
    SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    if (provider == SslProvider.OPENSSL) {
      log.info("TLS by {}", OpenSsl.versionString());
    } else {
      log.info(
          "TLS by the Java platform, slower than BoringSSL: {}",
          String.valueOf(OpenSsl.unavailabilityCause()));
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(
                  keys.tls().key(), keys.tls().chain().toArray(X509Certificate[]::new))
              .trustManager(ClientTrust.in(keys.authority().certificates()))
              .clientAuth(ClientAuth.REQUIRE);
      return GrpcSslContexts.configure(builder, provider).protocols("TLSv1.3").build();
    } catch (SSLException e) {
      throw new IOException("the TLS key and certificate do not fit each other", e);
    } catch (GeneralSecurityException e) {
      throw new IOException("the authority's certificates are of no use for TLS", e);
    }
  }
}
