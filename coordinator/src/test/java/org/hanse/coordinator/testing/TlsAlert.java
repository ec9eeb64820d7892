package org.hanse.coordinator.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.hanse.coordinator.testing.TestAuthority.Credential;

/** The TLS alert with which a coordinator ends a connection, as its client sees it. */
public final class TlsAlert {
  private static final Pattern ALERT = Pattern.compile("fatal alert: (?<name>\\w+)");
  private static final char[] PASSWORD = new char[0];
  private static final int PATIENCE_MILLIS = 20_000;

  private TlsAlert() {}

  /**
   * Connects and waits for what comes.
   *
   * @param credential that the client shows; none if empty
   * @return the name of the alert (RFC 8446, section 6.2)
   * @throws IllegalStateException if none comes
   */
  public static String of(int port, TestAuthority trusted, Optional<Credential> credential)
      throws IOException, GeneralSecurityException {
    SSLContext context = context(trusted, credential);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.startHandshake();
      // In TLS 1.3 the server judges the client's certificate after the client is done.
      int read = socket.getInputStream().read();
      while (read >= 0) {
        read = socket.getInputStream().read();
      }
      throw new IllegalStateException("closed without an alert");
    } catch (SSLException e) {
      Matcher matcher = ALERT.matcher(String.valueOf(e.getMessage()));
      if (matcher.find()) {
        return matcher.group("name");
      }
      throw new IllegalStateException("no alert", e);
    }
  }

  private static SSLContext context(TestAuthority trusted, Optional<Credential> credential)
      throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, PASSWORD);
    authorities.setCertificateEntry("authority", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, PASSWORD);
    if (credential.isPresent()) {
      own.setKeyEntry(
          "own",
          credential.get().keys().getPrivate(),
          PASSWORD,
          new Certificate[] {credential.get().certificate()});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
