package org.hanse.coordinator.authority;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.RosterEntry;

/** The consortium's certificate authority, as this coordinator trusts it. Immutable. */
public final class ConsortiumAuthority {
  /** Largest signing certificate, DER. */
  public static final int MAX_CERTIFICATE_BYTES = 8 << 10;

  private static final int ED25519_KEY_BYTES = 32;

  private final String consortium;
  private final List<X509Certificate> certificates;

  /**
   * An authority with its certificates.
   *
   * @param consortium the name that certificates of its members carry
   * @param certificates of the authority, each trusted by itself
   */
  public ConsortiumAuthority(String consortium, List<X509Certificate> certificates) {
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("an authority needs a certificate");
    }
    this.consortium = consortium;
    this.certificates = List.copyOf(certificates);
  }

  /** What came of checking a signing certificate. */
  public sealed interface SigningCheck {
    record Accepted(CertifiedKey key) implements SigningCheck {}

    /** Safe to show to the peer. */
    record Refused(String detail) implements SigningCheck {}

    /** It is a good certificate, but another site's. */
    record OtherSite() implements SigningCheck {}
  }

  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** Who the holder of a TLS certificate is; its chain and validity were checked by TLS. */
  public Optional<PeerIdentity> identify(X509Certificate peer) {
    return CertificateName.of(peer)
        .filter(name -> name.consortium().equals(consortium))
        .map(CertificateName::identity);
  }

  /**
   * Checks the certificate of a site's signing key: issued by this consortium, valid now, an
   * Ed25519 key, no authority itself, and for the very site that presents it.
   *
   * @param der X.509, from the peer
   * @param peer the site of the TLS certificate
   */
  public SigningCheck checkSigning(byte[] der, SiteId peer, Instant now) {
    if (der.length > MAX_CERTIFICATE_BYTES) {
      return new SigningCheck.Refused("the certificate is too large");
    }
    X509Certificate certificate;
    try {
      certificate = parse(der);
      validate(certificate, now);
    } catch (GeneralSecurityException e) {
      return new SigningCheck.Refused(
          "the certificate is not a valid one of this consortium's authority");
    }
    if (certificate.getBasicConstraints() >= 0) {
      return new SigningCheck.Refused("the certificate is an authority's");
    }
    Optional<Bytes> key = ed25519(certificate.getPublicKey());
    if (key.isEmpty()) {
      return new SigningCheck.Refused("the certificate's key is not an Ed25519 key");
    }
    return switch (identify(certificate).orElse(new PeerIdentity.Coordinator())) {
      case PeerIdentity.Site(SiteId id) when id.equals(peer) ->
          new SigningCheck.Accepted(
              new CertifiedKey(
                  new RosterEntry(Fingerprints.of(key.get()), key.get()),
                  Bytes.of(der),
                  certificate.getNotAfter().toInstant()));
      case PeerIdentity.Site other -> new SigningCheck.OtherSite();
      case PeerIdentity.User user -> notASite();
      case PeerIdentity.Coordinator coordinator -> notASite();
    };
  }

  private static SigningCheck notASite() {
    return new SigningCheck.Refused("the certificate names no site of this consortium");
  }

  private static X509Certificate parse(byte[] der) throws CertificateException {
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    X509Certificate certificate =
        (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    // The bytes are relayed to other sites: nothing may ride along.
    if (!Arrays.equals(certificate.getEncoded(), der)) {
      throw new CertificateException("more than a certificate");
    }
    return certificate;
  }

  private void validate(X509Certificate certificate, Instant now) throws GeneralSecurityException {
    Set<TrustAnchor> anchors =
        certificates.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
    PKIXParameters parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  /** The raw key, if it is one: the end of its SubjectPublicKeyInfo (RFC 8410, section 4). */
  static Optional<Bytes> ed25519(PublicKey key) {
    if (!(key instanceof EdECPublicKey edwards)
        || !edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
      return Optional.empty();
    }
    byte[] encoded = key.getEncoded();
    return Optional.of(
        Bytes.of(Arrays.copyOfRange(encoded, encoded.length - ED25519_KEY_BYTES, encoded.length)));
  }
}
