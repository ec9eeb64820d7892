package org.hanse.coordinator.job;

import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.JobPriority;

/**
 * What was submitted.
 *
 * @param exactBytes of the manifest, relayed verbatim
 * @param planHash over those bytes
 * @param owner the user who submitted it
 * @param priority as first submitted
 */
public record JobDescription(
    JobManifest manifest, Bytes exactBytes, Hash planHash, String owner, JobPriority priority) {
  /** A job like any other. */
  public JobDescription(JobManifest manifest, Bytes exactBytes, Hash planHash, String owner) {
    this(manifest, exactBytes, planHash, owner, JobPriority.NORMAL);
  }

  public JobId id() {
    return manifest.job();
  }

  /** The member that the manifest pins for this site. */
  public Optional<Member> member(SiteId site) {
    return manifest.consortium().memberBySite(site);
  }

  /** Whether {@code other} is this very submission again. */
  public boolean sameSubmission(JobDescription other) {
    return exactBytes.equals(other.exactBytes) && owner.equals(other.owner);
  }
}
