package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.hanse.coordinator.authority.ConsortiumAuthority;
import org.hanse.coordinator.authority.SigningCertificates;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.engine.Timers;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.core.plan.Fingerprint;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the services work with. */
public record ServiceParts(Who who, Jobs jobs, WorkBoard board, When when, Executor executor) {
  private static final Logger log = LoggerFactory.getLogger(ServiceParts.class);

  /** Who is whom. */
  public record Who(
      ConsortiumAuthority authority,
      SigningCertificates signers,
      SiteStore sites,
      Fingerprint coordinator) {}

  /**
   * Time.
   *
   * @param poll how long a poll waits, whole seconds
   */
  public record When(InstantSource clock, Timers timers, Duration poll) {}

  ConsortiumAuthority authority() {
    return who.authority();
  }

  SigningCertificates signers() {
    return who.signers();
  }

  SiteStore sites() {
    return who.sites();
  }

  InstantSource clock() {
    return when.clock();
  }

  Timers timers() {
    return when.timers();
  }

  Duration poll() {
    return when.poll();
  }

  /** The peer learns that files failed, the log why. */
  StatusRuntimeException storageFailed(IOException e) {
    log.error("storage failed", e);
    return StatusMapper.toStatus(
        ErrorReason.STORAGE_UNAVAILABLE, "the coordinator cannot reach its files");
  }
}
