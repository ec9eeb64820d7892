package org.hanse.wire;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.proto.v1.AttemptClosed;
import org.hanse.proto.v1.JobEnded;
import org.hanse.proto.v1.JobOutcome;
import org.hanse.proto.v1.JobPaused;
import org.hanse.proto.v1.RoundStart;
import org.hanse.proto.v1.SignedVerdict;
import org.hanse.proto.v1.TrainTask;
import org.hanse.proto.v1.WorkItem;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;

/** Work items, and what opens and closes a round: training, M0, the ends of attempts and jobs. */
public final class WorkMessages {
  private WorkMessages() {}

  public static WorkItem encode(Work work) {
    WorkItem.Builder item =
        WorkItem.newBuilder()
            .setAttempt(AttemptMessages.encode(work.attempt()))
            .setStage(AttemptMessages.encode(work.position().stage()))
            .setPauses(work.position().pauses())
            .setDeadlineSeconds(work.deadlineSeconds());
    return switch (work.content()) {
      case WorkContent.Train m -> item.setTrain(encode(m)).build();
      case WorkContent.Start m -> item.setStart(encode(m)).build();
      case WorkContent.Step m -> StepMessages.set(item, m.message()).build();
      case WorkContent.AttemptClosed m ->
          item.setClosed(
                  AttemptClosed.newBuilder()
                      .setPublished(m.published())
                      .setReason(nameOf(m.failure())))
              .build();
      case WorkContent.JobPaused m ->
          item.setPaused(JobPaused.newBuilder().setReason(nameOf(m.reason()))).build();
      case WorkContent.JobEnded m ->
          item.setEnded(
                  JobEnded.newBuilder()
                      .setOutcome(outcomeOf(m.state()))
                      .setReason(nameOf(m.reason())))
              .build();
    };
  }

  public static Work decode(WorkItem item) {
    return decode(FieldPath.ROOT, item);
  }

  static Work decode(FieldPath path, WorkItem item) {
    WorkPosition position =
        AttemptMessages.position(
            path,
            new AttemptMessages.Place(
                item.hasAttempt(), item.getAttempt(), item.getStage(), item.getPauses()));
    long deadline =
        path.dot("deadline_seconds")
            .range(item.getDeadlineSeconds(), 0, Limits.MAX_DEADLINE_SECONDS);
    WorkContent content = contentOf(path, item);
    if (content instanceof WorkContent.Train train
        && train.adoption().isPresent()
        && position.attempt().round().round() == 1) {
      throw path.dot("train").dot("adoption").refuse("must not be set in round 1");
    }
    if (content.stage() != position.stage()) {
      throw path.dot("stage").refuse("must be the stage of the item's content");
    }
    return new Work(position, deadline, content);
  }

  private static WorkContent contentOf(FieldPath path, WorkItem item) {
    return switch (item.getContentCase()) {
      case TRAIN -> decode(path.dot("train"), item.getTrain());
      case START -> decode(path.dot("start"), item.getStart());
      case ROSTER ->
          new WorkContent.Step(StepMessages.decode(path.dot("roster"), item.getRoster()));
      case SHARES ->
          new WorkContent.Step(StepMessages.decode(path.dot("shares"), item.getShares()));
      case SURVIVORS ->
          new WorkContent.Step(StepMessages.decode(path.dot("survivors"), item.getSurvivors()));
      case QUORUM ->
          new WorkContent.Step(StepMessages.decode(path.dot("quorum"), item.getQuorum()));
      case RESULT ->
          new WorkContent.Step(StepMessages.decode(path.dot("result"), item.getResult()));
      case CLOSED -> decode(path.dot("closed"), item.getClosed());
      case ENDED -> decode(path.dot("ended"), item.getEnded());
      case PAUSED ->
          new WorkContent.JobPaused(
              path.dot("paused")
                  .dot("reason")
                  .optionalConstant(AbortReason.class, item.getPaused().getReason()));
      case CONTENT_NOT_SET -> throw path.dot("content").refuse("must be set");
    };
  }

  private static TrainTask encode(WorkContent.Train m) {
    TrainTask.Builder task =
        TrainTask.newBuilder()
            .setPlanHash(FieldPath.bytesOf(m.planHash()))
            .setModelHash(FieldPath.bytesOf(m.modelHash()));
    m.adoption().map(WorkMessages::encode).ifPresent(task::setAdoption);
    return task.build();
  }

  private static WorkContent.Train decode(FieldPath path, TrainTask m) {
    return new WorkContent.Train(
        path.dot("plan_hash").hash(m.getPlanHash()),
        path.dot("model_hash").hash(m.getModelHash()),
        m.hasAdoption()
            ? Optional.of(decode(path.dot("adoption"), m.getAdoption()))
            : Optional.empty());
  }

  private static org.hanse.proto.v1.AdoptionProof encode(AdoptionProof proof) {
    org.hanse.proto.v1.AdoptionProof.Builder message =
        org.hanse.proto.v1.AdoptionProof.newBuilder()
            .setAttempt(AttemptMessages.encode(proof.attempt()))
            .setBaseModelHash(FieldPath.bytesOf(proof.baseModelHash()))
            .setResultRoot(FieldPath.bytesOf(proof.resultRoot()))
            .setNextModelHash(FieldPath.bytesOf(proof.nextModelHash()));
    proof.roster().forEach(site -> message.addRoster(FieldPath.bytesOf(site)));
    for (AdoptionProof.SignedVerdict verdict : proof.verdicts()) {
      message.addVerdicts(
          SignedVerdict.newBuilder()
              .setSite(FieldPath.bytesOf(verdict.site()))
              .setSigningKey(FieldPath.bytesOf(verdict.signingKey()))
              .setSignature(FieldPath.bytesOf(verdict.signature())));
    }
    return message.build();
  }

  private static AdoptionProof decode(FieldPath path, org.hanse.proto.v1.AdoptionProof m) {
    List<AdoptionProof.SignedVerdict> verdicts =
        path.dot("verdicts").list(m.getVerdictsList(), 1, Limits.MAX_MEMBERS, WorkMessages::decode);
    path.dot("verdicts").distinct(verdicts, AdoptionProof.SignedVerdict::site, "site");
    return new AdoptionProof(
        AttemptMessages.decode(path.dot("attempt"), m.hasAttempt(), m.getAttempt()),
        path.dot("base_model_hash").hash(m.getBaseModelHash()),
        path.dot("roster")
            .ascending(
                m.getRosterList(), 2, Limits.MAX_MEMBERS, FieldPath::fingerprint, site -> site),
        path.dot("result_root").hash(m.getResultRoot()),
        path.dot("next_model_hash").hash(m.getNextModelHash()),
        verdicts);
  }

  private static AdoptionProof.SignedVerdict decode(FieldPath path, SignedVerdict m) {
    return new AdoptionProof.SignedVerdict(
        path.dot("site").fingerprint(m.getSite()),
        path.dot("signing_key").key(m.getSigningKey()),
        path.dot("signature").signature(m.getSignature()));
  }

  private static RoundStart encode(WorkContent.Start m) {
    RoundStart.Builder message =
        RoundStart.newBuilder().setModelHash(FieldPath.bytesOf(m.modelHash()));
    m.certificates().forEach(c -> message.addCertificates(FieldPath.bytesOf(c)));
    return message.build();
  }

  private static WorkContent.Start decode(FieldPath path, RoundStart m) {
    Hash modelHash = path.dot("model_hash").hash(m.getModelHash());
    List<ByteString> certificates = m.getCertificatesList();
    return new WorkContent.Start(
        modelHash,
        path.dot("certificates").list(certificates, 2, Limits.MAX_MEMBERS, FieldPath::certificate));
  }

  private static WorkContent.AttemptClosed decode(FieldPath path, AttemptClosed m) {
    Optional<AbortReason> reason =
        path.dot("reason").optionalConstant(AbortReason.class, m.getReason());
    if (m.getPublished() == reason.isPresent()) {
      throw path.dot("reason").refuse("must be empty if published, and only then");
    }
    return new WorkContent.AttemptClosed(reason);
  }

  private static JobOutcome outcomeOf(JobState state) {
    return switch (state) {
      case QUEUED, RUNNING, PAUSED ->
          throw new IllegalArgumentException("a job that is " + state + " has not ended");
      case COMPLETED -> JobOutcome.JOB_OUTCOME_COMPLETED;
      case FAILED -> JobOutcome.JOB_OUTCOME_FAILED;
      case ABORTED -> JobOutcome.JOB_OUTCOME_ABORTED;
    };
  }

  private static WorkContent.JobEnded decode(FieldPath path, JobEnded m) {
    JobState state =
        switch (m.getOutcome()) {
          case JOB_OUTCOME_COMPLETED -> JobState.COMPLETED;
          case JOB_OUTCOME_FAILED -> JobState.FAILED;
          case JOB_OUTCOME_ABORTED -> JobState.ABORTED;
          case JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
              throw path.dot("outcome").refuse("must be a known outcome");
        };
    return new WorkContent.JobEnded(state, reason(path.dot("reason"), state, m.getReason()));
  }

  private static Optional<AbortReason> reason(FieldPath path, JobState state, String name) {
    Optional<AbortReason> reason = path.optionalConstant(AbortReason.class, name);
    if (reason.isPresent() != state.endsEarly()) {
      throw path.refuse("must be set if failed or aborted, and only then");
    }
    return reason;
  }

  static String nameOf(Optional<AbortReason> reason) {
    return reason.map(AbortReason::name).orElse("");
  }
}
