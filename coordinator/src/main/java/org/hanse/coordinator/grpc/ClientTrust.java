package org.hanse.coordinator.grpc;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The platform's judgement of clients' certificates, told apart for the client: without this, one
 * of another authority looks like a defect of the coordinator (alert {@code internal_error}).
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager platform;

  private ClientTrust(X509ExtendedTrustManager platform) {
    this.platform = platform;
  }

  /** Trusts what these authorities have issued, and nothing else. */
  static ClientTrust in(List<X509Certificate> authorities)
      throws GeneralSecurityException, java.io.IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return new ClientTrust(
        Arrays.stream(factory.getTrustManagers())
            .filter(X509ExtendedTrustManager.class::isInstance)
            .map(X509ExtendedTrustManager.class::cast)
            .findFirst()
            .orElseThrow(() -> new GeneralSecurityException("the platform trusts nobody")));
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private static void check(Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      throw isDated(e)
          ? e // told apart by Netty itself
          : new OpenSslCertificateException(
              e,
              isOfNoAuthority(e)
                  ? CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
                  : CertificateVerifier.X509_V_ERR_CERT_REJECTED);
    }
  }

  private static boolean isDated(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof CertPathValidatorException invalid
          && (invalid.getReason() == BasicReason.EXPIRED
              || invalid.getReason() == BasicReason.NOT_YET_VALID)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfNoAuthority(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof CertPathBuilderException || e instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(() -> platform.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(() -> platform.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(() -> platform.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("a coordinator calls nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("a coordinator calls nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("a coordinator calls nobody");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return platform.getAcceptedIssuers();
  }
}
