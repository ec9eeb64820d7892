package org.hanse.coordinator.grpc;

import io.grpc.health.v1.HealthGrpc;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;

/** Who may call what: one row a method. A method without a row is refused to everybody. */
final class AccessPolicy {
  /** What a certificate makes of its holder. */
  enum Role {
    SITE,
    USER,
    COORDINATOR;

    static Role of(PeerIdentity identity) {
      return switch (identity) {
        case PeerIdentity.Site site -> SITE;
        case PeerIdentity.User user -> USER;
        case PeerIdentity.Coordinator coordinator -> COORDINATOR;
      };
    }
  }

  private static final Set<Role> SITES = EnumSet.of(Role.SITE);
  private static final Set<Role> USERS = EnumSet.of(Role.USER);
  private static final Set<Role> ANYBODY = EnumSet.allOf(Role.class);

  private final Map<String, Set<Role>> rows = new HashMap<>();

  AccessPolicy() {
    rows.put(SiteServiceGrpc.getHelloMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getNextWorkMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getGetManifestMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getReportTrainingMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getSendMessageMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getGetUploadStatusMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getUploadMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getDownloadModelMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getDownloadResultMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getGetRevelationMethod().getFullMethodName(), SITES);
    rows.put(SiteServiceGrpc.getGetUploadedChunkMethod().getFullMethodName(), SITES);
    rows.put(JobServiceGrpc.getSubmitJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getGetJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getGetJobManifestMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getListJobsMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getWatchJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getExplainJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getPauseJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getResumeJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getAbortJobMethod().getFullMethodName(), USERS);
    rows.put(JobServiceGrpc.getDownloadJobModelMethod().getFullMethodName(), USERS);
    rows.put(HealthGrpc.getCheckMethod().getFullMethodName(), ANYBODY);
    rows.put(HealthGrpc.getWatchMethod().getFullMethodName(), ANYBODY);
  }

  boolean allows(String fullMethodName, PeerIdentity caller) {
    return rows.getOrDefault(fullMethodName, Set.of()).contains(Role.of(caller));
  }

  boolean hasRow(String fullMethodName) {
    return rows.containsKey(fullMethodName);
  }
}
