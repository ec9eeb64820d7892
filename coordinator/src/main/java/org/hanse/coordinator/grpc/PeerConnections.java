package org.hanse.coordinator.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
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
  static final Attributes.Key<Connection> CONNECTION = Attributes.Key.create("hanse-connection");

  /** Connections that one certificate may hold. */
  static final int MAX_PER_CERTIFICATE = 16;

  private final ConsortiumAuthority authority;

  /** Live connections, the oldest first. */
  private final Map<X509Certificate, Set<Connection>> connections = new HashMap<>();

  /** Who is at the other end of a connection. */
  sealed interface Peer {
    record Known(PeerIdentity identity) implements Peer {}

    /** The certificate is the authority's, but names nobody of the consortium. */
    record Unnamed() implements Peer {}

    /** A certificate's older connections are as many as it may hold. */
    record Excess() implements Peer {}
  }

  /** One connection with a verified certificate. */
  final class Connection {
    private final X509Certificate certificate;
    private final Peer named;

    private Connection(X509Certificate certificate) {
      this.certificate = certificate;
      this.named =
          authority.identify(certificate).<Peer>map(Peer.Known::new).orElseGet(Peer.Unnamed::new);
    }

    /** Who it is now: an excess connection is served once older ones have ended. */
    Peer peer() {
      return isAmongTheOldest(this) ? named : new Peer.Excess();
    }
  }

  PeerConnections(ConsortiumAuthority authority) {
    this.authority = authority;
  }

  private synchronized boolean isAmongTheOldest(Connection connection) {
    return connections.getOrDefault(connection.certificate, Set.of()).stream()
        .limit(MAX_PER_CERTIFICATE)
        .anyMatch(live -> live == connection);
  }

  @Override
  public synchronized Attributes transportReady(Attributes attributes) {
    X509Certificate certificate = certificateOf(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (certificate == null) {
      return attributes;
    }
    Connection connection = new Connection(certificate);
    connections.computeIfAbsent(certificate, c -> new LinkedHashSet<>()).add(connection);
    return attributes.toBuilder().set(CONNECTION, connection).build();
  }

  /** A connection that ended before its handshake did has no attributes. */
  @Override
  public synchronized void transportTerminated(@Nullable Attributes attributes) {
    Connection connection = attributes == null ? null : attributes.get(CONNECTION);
    if (connection != null) {
      connections.computeIfPresent(
          connection.certificate,
          (certificate, live) -> {
            live.remove(connection);
            return live.isEmpty() ? null : live;
          });
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
