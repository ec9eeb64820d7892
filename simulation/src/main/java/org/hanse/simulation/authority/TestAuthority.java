package org.hanse.simulation.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hanse.core.plan.SiteId;

/**
 * The root of one made-up consortium. TLS keys are random (EC P-256); signing keys (Ed25519) are
 * the caller's. Safe for use by one thread.
 */
public final class TestAuthority {
  /** Long enough to repeat a kept demo by hand. */
  private static final Duration VALIDITY = Duration.ofDays(30);

  /** Clocks of one machine agree; a container's start may not. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String consortium;
  private final Instant now;
  private final X500Name subject;
  private final KeyPair keys;
  private final Credential root;

  /**
   * Makes a new root.
   *
   * @param consortium lower-case letters, digits or hyphens; part of every certificate's URI
   */
  public TestAuthority(String consortium, Instant now) {
    this.consortium = consortium;
    this.now = now;
    this.subject = name("Root of " + consortium);
    this.keys = ecKeys();
    this.root = makeRoot();
  }

  /** Writes {@code ca.crt}. */
  public void writeCertificate(Path directory) throws IOException {
    Pem.writeCertificate(directory.resolve("ca.crt"), root.certificate());
  }

  /** The root itself. */
  public Credential root() {
    return root;
  }

  /** Of a TLS server on this machine. */
  public Credential coordinatorTls() {
    return tls(
        "Coordinator",
        KeyPurposeId.id_kp_serverAuth,
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
        uri("coordinator"));
  }

  public Credential coordinatorSigning(SigningKey key) {
    return signing("Coordinator", key, uri("coordinator"));
  }

  public Credential siteTls(SiteId site) {
    return tls(site.value(), KeyPurposeId.id_kp_clientAuth, uri("site/" + site));
  }

  public Credential siteSigning(SiteId site, SigningKey key) {
    return signing(site.value(), key, uri("site/" + site));
  }

  /** Of a researcher. */
  public Credential userTls(String user) {
    return tls(user, KeyPurposeId.id_kp_clientAuth, uri("user/" + user));
  }

  private Credential tls(String commonName, KeyPurposeId purpose, GeneralName... names) {
    KeyPair pair = ecKeys();
    SubjectPublicKeyInfo publicKey =
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    List<ExtensionValue> extensions =
        List.of(
            new ExtensionValue(Extension.basicConstraints, true, new BasicConstraints(false)),
            new ExtensionValue(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            new ExtensionValue(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)),
            new ExtensionValue(Extension.subjectAlternativeName, false, new GeneralNames(names)));
    return new Credential(
        issue(name(commonName), publicKey, extensions),
        PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded()));
  }

  private Credential signing(String commonName, SigningKey key, GeneralName name) {
    List<ExtensionValue> extensions =
        List.of(
            new ExtensionValue(Extension.basicConstraints, true, new BasicConstraints(false)),
            new ExtensionValue(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            new ExtensionValue(Extension.subjectAlternativeName, false, new GeneralNames(name)));
    return new Credential(
        issue(name(commonName + " signing"), key.publicKey(), extensions), key.privateKey());
  }

  private Credential makeRoot() {
    List<ExtensionValue> extensions =
        List.of(
            new ExtensionValue(Extension.basicConstraints, true, new BasicConstraints(0)),
            new ExtensionValue(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    return new Credential(
        issue(subject, rootPublicKey(), extensions),
        PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()));
  }

  private X509CertificateHolder issue(
      X500Name holder, SubjectPublicKeyInfo publicKey, List<ExtensionValue> extensions) {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            subject,
            new BigInteger(127, RANDOM).setBit(126),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(VALIDITY)),
            holder,
            publicKey);
    try {
      BcX509ExtensionUtils identifiers = new BcX509ExtensionUtils();
      List<ExtensionValue> all = new ArrayList<>(extensions);
      all.add(
          new ExtensionValue(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(publicKey)));
      all.add(
          new ExtensionValue(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(rootPublicKey())));
      for (ExtensionValue extension : all) {
        builder.addExtension(extension.identifier(), extension.critical(), extension.value());
      }
      ContentSigner signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return builder.build(signer);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate for " + holder, e);
    }
  }

  private SubjectPublicKeyInfo rootPublicKey() {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }

  private GeneralName uri(String path) {
    return new GeneralName(
        GeneralName.uniformResourceIdentifier, "hanse://" + consortium + "/" + path);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "Hanse demo")
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  private static KeyPair ecKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private record ExtensionValue(
      ASN1ObjectIdentifier identifier, boolean critical, ASN1Encodable value) {}
}
