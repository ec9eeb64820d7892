package org.hanse.client.config;

import java.nio.file.Path;
import java.util.Map;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.SiteId;

/**
 * A site's configuration file. All paths are absolute.
 *
 * @param state directory of the journal, saved updates and cached models
 * @param identity what proves who this site is
 * @param datasets by the name of the data contract they answer
 * @param trainerThreads threads that local training may use, from 1
 * @param policy as it stood when the file was read; see {@link PolicyFile}
 */
public record SiteConfig(
    SiteId site,
    CoordinatorAddress coordinator,
    Path state,
    IdentityFiles identity,
    Map<String, Dataset> datasets,
    int trainerThreads,
    SitePolicy policy) {
  public SiteConfig {
    datasets = Map.copyOf(datasets);
  }

  /**
   * The files that prove who this site is.
   *
   * @param signingCertificate PEM, Ed25519
   * @param signingKey PEM, PKCS#8
   * @param secret 64 hexadecimal digits: what this site's rounding is drawn from
   */
  public record IdentityFiles(
      TlsFiles tls, Path signingCertificate, Path signingKey, Path secret) {}

  /** Where a data set lies and how to read it. */
  public record Dataset(Kind kind, Path path) {}

  /** Kinds of data sets. */
  public enum Kind {
    /** Comma-separated values with a header line. */
    CSV
  }
}
