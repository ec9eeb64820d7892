package org.hanse.wire;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.proto.v1.Standing;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobExplanation.SiteStanding;

/** What a job waits for. */
public final class ExplanationMessages {
  private ExplanationMessages() {}

  public static org.hanse.proto.v1.JobExplanation encode(JobExplanation explanation) {
    org.hanse.proto.v1.JobExplanation.Builder message =
        org.hanse.proto.v1.JobExplanation.newBuilder()
            .setStatus(JobMessages.encode(explanation.summary()))
            .setUntilMillis(explanation.untilMillis().orElse(0L))
            .setAfterwards(explanation.afterwards());
    for (SiteStanding site : explanation.sites()) {
      message.addSites(
          org.hanse.proto.v1.SiteStanding.newBuilder()
              .setSite(site.site().value())
              .setStanding(encode(site.standing()))
              .setAwaySinceMillis(site.awaySinceMillis().orElse(0L)));
    }
    explanation.jobs().forEach(job -> message.addJobs(job.value()));
    return message.build();
  }

  public static JobExplanation decode(org.hanse.proto.v1.JobExplanation message) {
    FieldPath root = FieldPath.ROOT;
    List<SiteStanding> sites =
        root.dot("sites")
            .list(message.getSitesList(), 0, Limits.MAX_MEMBERS, ExplanationMessages::decode);
    root.dot("sites").distinct(sites, SiteStanding::site, "site");
    List<JobId> jobs =
        root.dot("jobs").list(message.getJobsList(), 0, WireLimits.MAX_LISTED_JOBS, FieldPath::job);
    return new JobExplanation(
        JobMessages.decode(root.dot("status").present(message.hasStatus()), message.getStatus()),
        time(root.dot("until_millis"), message.getUntilMillis()),
        root.dot("afterwards").text(message.getAfterwards(), 0, Limits.MAX_TEXT_LENGTH),
        sites,
        jobs);
  }

  private static SiteStanding decode(FieldPath path, org.hanse.proto.v1.SiteStanding m) {
    return new SiteStanding(
        path.dot("site").site(m.getSite()),
        decode(path.dot("standing"), m.getStanding()),
        time(path.dot("away_since_millis"), m.getAwaySinceMillis()));
  }

  private static Optional<Long> time(FieldPath path, long millis) {
    return Optional.of(path.range(millis, 0, Long.MAX_VALUE)).filter(known -> known > 0);
  }

  private static Standing encode(JobExplanation.Standing standing) {
    return switch (standing) {
      case EXPECTED -> Standing.STANDING_EXPECTED;
      case READY -> Standing.STANDING_READY;
      case OWES -> Standing.STANDING_OWES;
      case ANSWERED -> Standing.STANDING_ANSWERED;
      case LEFT_OUT -> Standing.STANDING_LEFT_OUT;
      case OUT -> Standing.STANDING_OUT;
      case CONVICTED -> Standing.STANDING_CONVICTED;
    };
  }

  private static JobExplanation.Standing decode(FieldPath path, Standing standing) {
    return switch (standing) {
      case STANDING_EXPECTED -> JobExplanation.Standing.EXPECTED;
      case STANDING_READY -> JobExplanation.Standing.READY;
      case STANDING_OWES -> JobExplanation.Standing.OWES;
      case STANDING_ANSWERED -> JobExplanation.Standing.ANSWERED;
      case STANDING_LEFT_OUT -> JobExplanation.Standing.LEFT_OUT;
      case STANDING_OUT -> JobExplanation.Standing.OUT;
      case STANDING_CONVICTED -> JobExplanation.Standing.CONVICTED;
      case STANDING_UNSPECIFIED, UNRECOGNIZED -> throw path.refuse("must be a known standing");
    };
  }
}
