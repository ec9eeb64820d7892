package org.hanse.client.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hanse.client.config.SiteConfig.Dataset;
import org.hanse.client.config.SiteConfig.IdentityFiles;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.SiteId;

/** Reads {@code client.yaml}. */
public final class SiteConfigFile {
  private static final int MAX_TRAINER_THREADS = 1024;

  private final YamlFile file;

  /**
   * @param file relative paths in it are relative to its directory
   */
  public SiteConfigFile(Path file) {
    this.file = new YamlFile(file);
  }

  public Path path() {
    return file.path();
  }

  /**
   * Reads the whole file.
   *
   * @throws ConfigException with everything that is wrong in it
   * @throws IOException if it cannot be read
   */
  public SiteConfig read() throws ConfigException, IOException {
    ConfigProblems problems = file.newProblems();
    ConfigSection root = file.read(problems);
    Optional<SiteId> site = root.parsed("site", SiteId::new);
    Optional<CoordinatorAddress> coordinator =
        root.parsed("coordinator", CoordinatorAddress::parse);
    Optional<Path> state = root.parsed("state", file::resolve);
    Optional<IdentityFiles> identity = identity(root);
    Map<String, Dataset> datasets = datasets(root.section("datasets"));
    ConfigSection trainer = root.optionalSection("trainer");
    long threads = trainer.integer("threads", 1, MAX_TRAINER_THREADS, 1);
    trainer.refuseUnknownKeys();
    Optional<SitePolicy> policy = policy(root.section("policy"));
    root.refuseUnknownKeys();
    problems.throwIfAny();
    return new SiteConfig(
        site.orElseThrow(),
        coordinator.orElseThrow(),
        state.orElseThrow(),
        identity.orElseThrow(),
        datasets,
        (int) threads,
        policy.orElseThrow());
  }

  /**
   * Reads the policy section alone; the other settings count from the next start on.
   *
   * @throws ConfigException with everything that is wrong in that section
   * @throws IOException if the file cannot be read
   */
  public SitePolicy readPolicy() throws ConfigException, IOException {
    ConfigProblems problems = file.newProblems();
    Optional<SitePolicy> policy = policy(file.read(problems).section("policy"));
    problems.throwIfAny();
    return policy.orElseThrow();
  }

  private Optional<IdentityFiles> identity(ConfigSection root) {
    Optional<TlsFiles> tls = TlsFiles.read(root.section("tls"), file);
    ConfigSection signing = root.section("signing");
    Optional<Path> signingCertificate = signing.parsed("certificate", file::resolve);
    Optional<Path> signingKey = signing.parsed("key", file::resolve);
    signing.refuseUnknownKeys();
    Optional<Path> secret = root.parsed("secret", file::resolve);
    if (tls.isEmpty() || signingCertificate.isEmpty() || signingKey.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IdentityFiles(tls.get(), signingCertificate.get(), signingKey.get(), secret.get()));
  }

  private Map<String, Dataset> datasets(ConfigSection section) {
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    for (String name : section.keys()) {
      ConfigSection entry = section.section(name);
      Optional<SiteConfig.Kind> kind = entry.parsed("kind", SiteConfigFile::kind);
      Optional<Path> path = entry.parsed("path", file::resolve);
      entry.refuseUnknownKeys();
      if (kind.isPresent() && path.isPresent()) {
        datasets.put(name, new Dataset(kind.get(), path.get()));
      }
    }
    return datasets;
  }

  private static SiteConfig.Kind kind(String text) {
    if (text.equals("csv")) {
      return SiteConfig.Kind.CSV;
    }
    throw new IllegalArgumentException("no data set kind \"" + text + "\"; known is csv");
  }

  private static Optional<SitePolicy> policy(ConfigSection section) {
    Optional<Long> minimumCohort = section.integer("minimum-cohort", 2, Limits.MAX_MEMBERS);
    Optional<Double> clipNorm = section.number("maximum-clip-norm");
    if (clipNorm.isPresent() && !(clipNorm.get() > 0)) {
      section.problem("maximum-clip-norm", "must be positive, not " + clipNorm.get());
      clipNorm = Optional.empty();
    }
    Set<Fingerprint> requiredPeers =
        new TreeSet<>(section.texts("required-peers", HexDigits.of64(Fingerprint::fromHex)));
    boolean allowPlainSums = section.flag("allow-plain-sums", false);
    List<Long> sitOutRounds = section.integers("sit-out-rounds", 1, Limits.MAX_ROUNDS);
    List<Hash> approved = section.texts("approved-manifests", HexDigits.of64(Hash::fromHex));
    section.refuseUnknownKeys();
    if (minimumCohort.isEmpty() || clipNorm.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SitePolicy(
            minimumCohort.get().intValue(),
            clipNorm.get(),
            requiredPeers,
            allowPlainSums,
            Set.copyOf(sitOutRounds),
            Set.copyOf(approved)));
  }
}
