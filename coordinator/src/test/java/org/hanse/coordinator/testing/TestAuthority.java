package org.hanse.coordinator.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates of whatever kind a test wants. */
public final class TestAuthority {
  public static final String CONSORTIUM = "heart";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A certificate and its key. */
  public record Credential(X509Certificate certificate, KeyPair keys) {
    public String certificatePem() {
      return Pem.encode("CERTIFICATE", encoded());
    }

    public String keyPem() {
      return Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    public byte[] encoded() {
      try {
        return certificate.getEncoded();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * What a certificate says.
   *
   * @param uris its names; none means no alternative names at all
   */
  public record Order(
      List<String> uris, KeyPurposeId purpose, Instant from, Instant to, boolean authority) {
    /**
     * One hour, beginning now.
     *
     * @param uri empty for none
     */
    public static Order of(String uri, KeyPurposeId purpose) {
      return of(uri.isEmpty() ? List.of() : List.of(uri), purpose);
    }

    public static Order of(List<String> uris, KeyPurposeId purpose) {
      Instant now = Instant.now();
      return new Order(
          uris, purpose, now.minus(Duration.ofMinutes(5)), now.plus(Duration.ofHours(1)), false);
    }

    public Order valid(Instant first, Instant last) {
      return new Order(uris, purpose, first, last, authority);
    }

    public Order asAuthority() {
      return new Order(uris, purpose, from, to, true);
    }
  }

  public TestAuthority() {
    this.keys = ec();
    this.certificate =
        sign(
            new X500Name("CN=Test authority"),
            keys,
            Order.of("", KeyPurposeId.anyExtendedKeyUsage).asAuthority());
  }

  public String pem() {
    return new Credential(certificate, keys).certificatePem();
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public Credential issue(String name, KeyPair subject, Order order) {
    return new Credential(sign(new X500Name("CN=" + name), subject, order), subject);
  }

  /** A site's TLS certificate. */
  public Credential siteTls(String site) {
    return issue(site, ec(), Order.of(siteUri(site), KeyPurposeId.id_kp_clientAuth));
  }

  /** A site's signing certificate. */
  public Credential siteSigning(String site, KeyPair ed25519) {
    return issue(site, ed25519, Order.of(siteUri(site), KeyPurposeId.id_kp_clientAuth));
  }

  public Credential userTls(String user) {
    return issue(
        user,
        ec(),
        Order.of("hanse://" + CONSORTIUM + "/user/" + user, KeyPurposeId.id_kp_clientAuth));
  }

  public Credential coordinator(KeyPair subject) {
    return issue(
        "coordinator",
        subject,
        Order.of("hanse://" + CONSORTIUM + "/coordinator", KeyPurposeId.id_kp_serverAuth));
  }

  public static String siteUri(String site) {
    return "hanse://" + CONSORTIUM + "/site/" + site;
  }

  public static KeyPair ec() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(X500Name subject, KeyPair subjectKeys, Order order) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=Test authority"),
              new BigInteger(100, RANDOM),
              Date.from(order.from()),
              Date.from(order.to()),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(order.authority()));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              order.authority()
                  ? KeyUsage.keyCertSign | KeyUsage.digitalSignature
                  : KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(order.purpose()));
      List<GeneralName> names = new ArrayList<>();
      if (!order.uris().isEmpty()) {
        order
            .uris()
            .forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        names.add(new GeneralName(GeneralName.dNSName, "localhost"));
        names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
