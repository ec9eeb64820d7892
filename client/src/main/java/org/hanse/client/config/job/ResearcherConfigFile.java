package org.hanse.client.config.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.TlsFiles;

/** Reads {@code researcher.yaml}. */
public final class ResearcherConfigFile {
  private ResearcherConfigFile() {}

  /**
   * Reads the whole file; paths in it are relative to its directory.
   *
   * @throws ConfigException with everything that is wrong in it
   * @throws IOException if it cannot be read
   */
  public static ResearcherConfig read(Path file) throws ConfigException, IOException {
    Path absolute = file.toAbsolutePath().normalize();
    ConfigProblems problems = new ConfigProblems(absolute.toString());
    ConfigSection root = YamlFile.read(absolute, problems);
    Optional<CoordinatorAddress> coordinator =
        root.parsed("coordinator", CoordinatorAddress::parse);
    ConfigSection tls = root.section("tls");
    Optional<Path> certificate = tls.parsed("certificate", path -> resolve(absolute, path));
    Optional<Path> key = tls.parsed("key", path -> resolve(absolute, path));
    Optional<Path> authority = tls.parsed("authority", path -> resolve(absolute, path));
    tls.refuseUnknownKeys();
    root.refuseUnknownKeys();
    problems.throwIfAny();
    return new ResearcherConfig(
        coordinator.orElseThrow(),
        new TlsFiles(certificate.orElseThrow(), key.orElseThrow(), authority.orElseThrow()));
  }

  private static Path resolve(Path file, String path) {
    return file.resolveSibling(path).normalize();
  }
}
