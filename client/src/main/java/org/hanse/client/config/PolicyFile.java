package org.hanse.client.config;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy as the steward keeps it: in force as soon as the file changed. A file that cannot be
 * used takes all approvals away until it can, so that a mistake never widens what a site allows.
 * Thread-safe.
 */
public final class PolicyFile {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);

  private final SiteConfigFile file;
  private SitePolicy current;
  private Optional<Bytes> content = Optional.empty();
  private boolean usable = true;

  /**
   * @param initial the policy that the program started with
   */
  public PolicyFile(SiteConfigFile file, SitePolicy initial) {
    this.file = file;
    this.current = initial;
  }

  /** What counts now. */
  public synchronized SitePolicy current() {
    try {
      Bytes found = Bytes.of(Files.readAllBytes(file.path()));
      if (content.isPresent() && found.equals(content.get())) {
        return current;
      }
      SitePolicy read = file.readPolicy();
      content = Optional.of(found);
      usable = true;
      if (!read.equals(current)) {
        LOG.info("the policy in {} changed and is in force", file.path());
      }
      current = read;
    } catch (ConfigException | IOException e) {
      content = Optional.empty();
      if (usable) {
        LOG.error("nothing is approved until this is put right: {}", e.toString());
      }
      usable = false;
      current = withoutApprovals(current);
    }
    return current;
  }

  private static SitePolicy withoutApprovals(SitePolicy policy) {
    return new SitePolicy(
        policy.minimumCohort(),
        policy.maximumClipNorm(),
        policy.requiredPeers(),
        policy.allowPlainSums(),
        policy.sitOutRounds(),
        Set.of());
  }
}
