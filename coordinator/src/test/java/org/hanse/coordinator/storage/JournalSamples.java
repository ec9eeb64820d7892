package org.hanse.coordinator.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.LeaveReason;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.WorkStage;

/** What a store may be asked to keep, of every kind; no two values are alike by chance. */
public final class JournalSamples {
  public static final Instant NOW = Instant.ofEpochSecond(1_800_000_000, 123_456_789);
  public static final Fingerprint SITE = new Fingerprint(bytes(32, 1));
  public static final Fingerprint OTHER = new Fingerprint(bytes(32, 2));
  public static final Fingerprint THIRD = new Fingerprint(bytes(32, 3));

  private JournalSamples() {}

  /** The opening of a job's first round. */
  public static RoundOpening firstOpening(JobId job) {
    return new RoundOpening(
        hash(1),
        new JobProgress(
            new RoundId(job, 1),
            hash(2),
            Optional.empty(),
            0,
            0,
            Map.of(),
            Resumption.NONE,
            Optional.empty()),
        Map.of(),
        NOW);
  }

  /** The opening of a later round, with everything that one may hold. */
  public static RoundOpening opening(RoundId round) {
    return new RoundOpening(
        hash(1),
        new JobProgress(
            round,
            hash(6),
            Optional.of(proof(new RoundId(round.job(), round.round() - 1))),
            round.round() - 1,
            1,
            Map.of(OTHER, 3L, THIRD, 4L),
            new Resumption(2, 1),
            Optional.of(new BestModel(hash(3), round.round() - 2, -0.5))),
        Map.of(
            SITE, new Presence.Here(),
            OTHER, new Presence.Away(NOW.minusSeconds(3)),
            THIRD, new Presence.Unseen(NOW.minusNanos(5))),
        NOW.plusNanos(round.round()));
  }

  /** A proof for the model that {@link #opening} starts from. */
  public static AdoptionProof proof(RoundId before) {
    return new AdoptionProof(
        new AttemptId(before, 0),
        hash(4),
        List.of(SITE, OTHER),
        hash(5),
        hash(6),
        List.of(
            new AdoptionProof.SignedVerdict(SITE, bytes(32, 7), bytes(64, 8)),
            new AdoptionProof.SignedVerdict(OTHER, bytes(32, 9), bytes(64, 10))));
  }

  /** An event of every kind. */
  public static List<RoundEvent> events(RoundId round) {
    AttemptId attempt = new AttemptId(round, 2);
    List<RoundEvent> events = new ArrayList<>();
    events.add(new RoundEvent.SiteCame(SITE, NOW));
    events.add(new RoundEvent.SiteWent(SITE, NOW.plusNanos(1)));
    events.add(new RoundEvent.TrainingFinished(round, SITE, key(SITE), NOW));
    events.add(new RoundEvent.TrainingDeclined(round, OTHER, DeclineReason.NOT_APPROVED, NOW));
    for (FromSite message : messages()) {
      events.add(new RoundEvent.MessageReceived(attempt, SITE, message, NOW));
    }
    events.add(new RoundEvent.UploadUnfit(attempt, SITE, DropReason.WRONG_ROOT, NOW));
    events.add(
        new RoundEvent.SumApplied(
            attempt,
            new RoundEvent.Sum(
                hash(7), new RoundEvent.Tags(0, (1L << 61) - 2), hash(8), List.of(0.25, -1e300)),
            NOW));
    events.add(new RoundEvent.Restarted(NOW.plusSeconds(3600), NOW));
    events.add(new RoundEvent.SumFailed(attempt, AbortReason.RESULT_IMPLAUSIBLE, NOW));
    events.add(new RoundEvent.PauseRequested(NOW.plusSeconds(1)));
    events.add(new RoundEvent.StopRequested(AbortReason.ABORTED_BY_USER, NOW));
    events.add(new RoundEvent.TimePassed(NOW.plusSeconds(60)));
    return events;
  }

  /** A certificate, by its looks. */
  public static CertifiedKey key(Fingerprint site) {
    return new CertifiedKey(
        new RosterEntry(site, bytes(32, 4)), bytes(700, 5), NOW.plusSeconds(86_400));
  }

  /** What may happen to a job, of every kind, in its round {@code round} and with its end last. */
  public static List<JobEventValue> history(RoundId round) {
    AttemptId attempt = new AttemptId(round, 0);
    SiteId site = new SiteId("site-1");
    return List.of(
        new JobEventValue.StageReached(attempt, WorkStage.TRAIN, 5),
        new JobEventValue.SiteLeft(attempt, site, new LeaveReason.Declined(DeclineReason.DATA)),
        new JobEventValue.StageReached(attempt, WorkStage.SHARES, 4),
        new JobEventValue.SiteLeft(attempt, site, new LeaveReason.Dropped(DropReason.WRONG_ROOT)),
        new JobEventValue.ShareRefused(
            attempt, site, new SiteId("site-2"), ComplaintReason.WRONG_LENGTH),
        new JobEventValue.DealerConvicted(attempt, site),
        new JobEventValue.AttemptAborted(attempt, AbortReason.SHARE_REFUSED),
        new JobEventValue.StageReached(new AttemptId(round, 1), WorkStage.RESULT, 3),
        new JobEventValue.RoundPublished(
            new AttemptId(round, 1), 3, METRICS, hash(6), 1L << 40, 12.5),
        new JobEventValue.Paused(JobStanding.pausedBy(new JobOrder("alice", "a moment"))),
        new JobEventValue.Resumed(new JobOrder("alice", "")),
        new JobEventValue.Finished(
            JobStanding.of(JobState.FAILED, AbortReason.VERDICTS_MISSING), hash(6), 1));
  }

  /** Not in the order of their names. */
  public static final List<MetricMean> METRICS =
      List.of(new MetricMean("loss", 0.1 + 0.2), new MetricMean("accuracy", -1e-300));

  private static List<FromSite> messages() {
    return List.of(
        new FromSite.Advertisement(
            SITE,
            AgreementPublicKey.classical(bytes(32, 9)),
            new AgreementPublicKey(bytes(32, 10), Optional.of(bytes(1184, 11))),
            hash(1),
            hash(2),
            bytes(64, 3)),
        new FromSite.Shares(
            hash(1),
            List.of(
                new FromSite.ShareEntry(
                    OTHER,
                    bytes(12, 1),
                    bytes(112, 2),
                    hash(3),
                    hash(4),
                    Optional.of(bytes(1088, 5)),
                    Optional.empty())),
            hash(5),
            bytes(64, 6)),
        new FromSite.UploadCommit(hash(1), 1, 77, 0, (1L << 61) - 2, bytes(64, 1)),
        new FromSite.Complaint(OTHER, ComplaintReason.WRONG_LENGTH, bytes(64, 4)),
        new FromSite.Confirmation(hash(1), bytes(64, 2)),
        new FromSite.Verdict(true, hash(1), hash(2), bytes(64, 3)));
  }

  /** {@code size} times the same byte. */
  public static Bytes bytes(int size, int value) {
    byte[] all = new byte[size];
    Arrays.fill(all, (byte) value);
    return Bytes.of(all);
  }

  public static Hash hash(int value) {
    return new Hash(bytes(32, value));
  }
}
