package org.hanse.simulation.consortium;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hanse.client.grpc.RosterCertificates;
import org.hanse.coordinator.authority.ConsortiumAuthority;
import org.hanse.coordinator.testing.SigningPair;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.world.MachineTime;
import org.hanse.simulation.world.World;

/** Issues the very same certificates in every run. */
final class SimulatedAuthority {
  private static final String CONSORTIUM = "simulated";
  private static final X500Name NAME = new X500Name("CN=Simulated authority");
  private static final Duration LONG = Duration.ofDays(3650);

  private final KeyPair keys = SigningPair.of("authority").platform();
  private final X509Certificate root;
  private final Path rootFile;

  SimulatedAuthority() {
    try {
      root = issue(NAME, keys, List.of(), World.EPOCH.plus(LONG));
      rootFile = Files.createTempFile("hanse-authority", ".pem");
      rootFile.toFile().deleteOnExit();
      Files.writeString(
          rootFile,
          "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
              .formatted(Base64.getMimeEncoder().encodeToString(root.getEncoded())));
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the coordinator trusts it. */
  ConsortiumAuthority trusted() {
    return new ConsortiumAuthority(CONSORTIUM, List.of(root));
  }

  /** As a site trusts it. */
  RosterCertificates roster(MachineTime time) throws IOException {
    return RosterCertificates.trusting(rootFile, time);
  }

  /** A site's signing certificate, DER. */
  Bytes certificate(SiteId site, SigningPair key, Instant notAfter) {
    try {
      return Bytes.of(
          issue(
                  new X500Name("CN=" + site),
                  key.platform(),
                  List.of("hanse://" + CONSORTIUM + "/site/" + site),
                  notAfter)
              .getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Far in the future. */
  static Instant never() {
    return World.EPOCH.plus(LONG);
  }

  private X509Certificate issue(
      X500Name holder, KeyPair subject, List<String> uris, Instant notAfter) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              BigInteger.TWO.add(BigInteger.valueOf(notAfter.getEpochSecond())),
              Date.from(World.EPOCH.minus(LONG)),
              Date.from(notAfter),
              holder,
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(uris.isEmpty()));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(uris.isEmpty() ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
      if (!uris.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                uris.stream()
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("Ed25519").build(keys.getPrivate())));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate for " + holder, e);
    }
  }
}
