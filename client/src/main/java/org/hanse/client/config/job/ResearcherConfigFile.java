package org.hanse.client.config.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.TlsFiles;
import org.hanse.client.config.YamlFile;

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
    YamlFile yaml = new YamlFile(file);
    ConfigProblems problems = yaml.newProblems();
    ConfigSection root = yaml.read(problems);
    Optional<CoordinatorAddress> coordinator =
        root.parsed("coordinator", CoordinatorAddress::parse);
    Optional<TlsFiles> tls = TlsFiles.read(root.section("tls"), yaml);
    root.refuseUnknownKeys();
    problems.throwIfAny();
    return new ResearcherConfig(coordinator.orElseThrow(), tls.orElseThrow());
  }
}
