package org.hanse.coordinator.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.hanse.coordinator.authority.ConsortiumAuthority;
import org.hanse.coordinator.authority.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Reads the peer's identity once a connection and counts connections per certificate. A connection
 * without a verified certificate gets no identity, so none of its calls is served.
 */
final class PeerConnections extends ServerTransportFilter {
  static final Attributes.Key<Peer> PEER = Attributes.Key.create("hanse-peer");
  private static final Attributes.Key<X509Certificate> COUNTED =
      Attributes.Key.create("hanse-counted-certificate");

  /** Connections that one certificate may hold. */
  static final int MAX_PER_CERTIFICATE = 16;

  private final ConsortiumAuthority authority;
  private final Map<X509Certificate, Integer> connections = new ConcurrentHashMap<>();

  /** Who is at the other end of a connection. */
  sealed interface Peer {
    record Known(PeerIdentity identity) implements Peer {}

    /** The certificate is the authority's, but names nobody of the consortium. */
    record Unnamed() implements Peer {}

    /** One connection more than a certificate may hold. */
    record Excess() implements Peer {}
  }

  PeerConnections(ConsortiumAuthority authority) {
    this.authority = authority;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    X509Certificate certificate = certificateOf(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (certificate == null) {
      return attributes;
    }
    int count = connections.merge(certificate, 1, Integer::sum);
    Peer peer =
        count > MAX_PER_CERTIFICATE
            ? new Peer.Excess()
            : authority
                .identify(certificate)
                .<Peer>map(Peer.Known::new)
                .orElseGet(Peer.Unnamed::new);
    return attributes.toBuilder().set(COUNTED, certificate).set(PEER, peer).build();
  }

  /** A connection that ended before its handshake did has no attributes. */
  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    X509Certificate certificate = attributes == null ? null : attributes.get(COUNTED);
    if (certificate != null) {
      connections.computeIfPresent(certificate, (c, count) -> count == 1 ? null : count - 1);
    }
  }

  private static @Nullable X509Certificate certificateOf(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
