package org.hanse.client.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.hanse.client.agent.RosterChecker;
import org.hanse.client.config.KeyFileException;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.status.StatusMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks members' signing certificates: issued by this consortium's authority, valid now, one
 * {@code hanse://<consortium>/site/<id>} name, and the very key that the manifest pins for that
 * site. A renewal of the same key passes, another key of the same site does not.
 */
public final class RosterCertificates implements RosterChecker {
  private static final Logger LOG = LoggerFactory.getLogger(RosterCertificates.class);

  /** GeneralName's tag for a URI: RFC 5280, section 4.2.1.6. */
  private static final int URI_NAME = 6;

  private static final int ED25519_KEY_BYTES = 32;

  private final Set<TrustAnchor> authorities;
  private final InstantSource clock;

  private RosterCertificates(Set<TrustAnchor> authorities, InstantSource clock) {
    this.authorities = authorities;
    this.clock = clock;
  }

  /**
   * Trusts the authorities in a PEM file and nobody else.
   *
   * @throws KeyFileException if it holds no certificate
   * @throws IOException if it cannot be read
   */
  public static RosterCertificates trusting(Path authorityFile, InstantSource clock)
      throws IOException {
    Set<TrustAnchor> anchors = new HashSet<>();
    try (InputStream in = Files.newInputStream(authorityFile)) {
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        anchors.add(new TrustAnchor((X509Certificate) certificate, null));
      }
    } catch (CertificateException e) {
      throw new KeyFileException(authorityFile + " must hold X.509 certificates, PEM", e);
    }
    if (anchors.isEmpty()) {
      throw new KeyFileException(authorityFile + " holds no certificate");
    }
    return new RosterCertificates(anchors, clock);
  }

  @Override
  public Optional<List<RosterEntry>> check(List<Bytes> certificates, Consortium consortium) {
    List<RosterEntry> roster = new ArrayList<>();
    for (Bytes der : certificates) {
      try {
        roster.add(member(der, consortium));
      } catch (GeneralSecurityException e) {
        LOG.warn(
            "certificate {} of the roster is refused: {}",
            roster.size(),
            StatusMapper.printable(String.valueOf(e.getMessage())));
        return Optional.empty();
      }
    }
    return Optional.of(roster);
  }

  private RosterEntry member(Bytes der, Consortium consortium) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    X509Certificate certificate =
        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    PKIXParameters parameters = new PKIXParameters(authorities);
    parameters.setRevocationEnabled(false); // there are no revocation lists yet
    parameters.setDate(Date.from(clock.instant()));
    CertPathValidator.getInstance("PKIX")
        .validate(factory.generateCertPath(List.of(certificate)), parameters);
    String site = siteOf(certificate);
    Bytes publicKey = ed25519KeyOf(certificate);
    Fingerprint fingerprint = Fingerprints.of(publicKey);
    Optional<Member> pinned = consortium.memberByKey(fingerprint);
    if (pinned.isEmpty()) {
      throw new CertificateException("no member of the job has the key " + fingerprint);
    }
    if (!pinned.get().site().value().equals(site)) {
      throw new CertificateException(
          "the key of " + pinned.get().site() + " is in a certificate of another site");
    }
    return new RosterEntry(fingerprint, publicKey);
  }

  private static String siteOf(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    List<String> sites = new ArrayList<>();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (Integer.valueOf(URI_NAME).equals(name.get(0))
          && name.get(1) instanceof String uri
          && uri.matches("hanse://[^/]+/site/[^/]+")) {
        sites.add(uri.substring(uri.lastIndexOf('/') + 1));
      }
    }
    if (sites.size() != 1) {
      throw new CertificateException("it names " + sites.size() + " sites");
    }
    return sites.get(0);
  }

  private static Bytes ed25519KeyOf(X509Certificate certificate) throws CertificateException {
    SubjectPublicKeyInfo key =
        SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
    byte[] content = key.getPublicKeyData().getBytes();
    if (!key.getAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)
        || content.length != ED25519_KEY_BYTES) {
      throw new CertificateException("it holds no Ed25519 key");
    }
    return Bytes.of(content);
  }
}
