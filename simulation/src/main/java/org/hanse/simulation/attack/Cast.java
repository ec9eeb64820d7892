package org.hanse.simulation.attack;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.Contexts;
import org.hanse.wire.ManifestCodec;

/** Who is who in a job, as its manifest says. */
record Cast(JobManifest manifest, Hash planHash) {

  static Cast of(Backstage backstage, JobId job) {
    Bytes exact = backstage.manifest(job);
    return new Cast(ManifestCodec.decode(exact), Contexts.planHash(exact));
  }

  Fingerprint key(SiteId site) {
    return manifest.consortium().memberBySite(site).orElseThrow().signingKey();
  }

  List<Fingerprint> keys(List<SiteId> sites) {
    return sites.stream().map(this::key).toList();
  }

  /** Whose signing certificate, X.509 DER, this is. */
  static Fingerprint holder(Bytes certificate) {
    try {
      byte[] subjectPublicKeyInfo =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate.toByteArray()))
              .getPublicKey()
              .getEncoded();
      return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(subjectPublicKeyInfo));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no signing certificate", e);
    }
  }
}
