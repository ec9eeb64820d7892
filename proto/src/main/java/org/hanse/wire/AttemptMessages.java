package org.hanse.wire;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.proto.v1.Attempt;
import org.hanse.proto.v1.GetUploadStatusRequest;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.proto.v1.Position;
import org.hanse.proto.v1.Stage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** Attempts, stages, positions, and the long poll made of them. */
public final class AttemptMessages {
  private AttemptMessages() {}

  public static Attempt encode(AttemptId attempt) {
    return Attempt.newBuilder()
        .setJob(attempt.round().job().value())
        .setRound(attempt.round().round())
        .setAttempt(attempt.attempt())
        .build();
  }

  static AttemptId decode(FieldPath path, boolean isSet, Attempt message) {
    path.present(isSet);
    JobId job = path.dot("job").job(message.getJob());
    long round = path.dot("round").range(message.getRound(), 1, Limits.MAX_ROUNDS);
    int attempt = path.dot("attempt").range(message.getAttempt(), 0, Limits.MAX_ATTEMPTS - 1);
    return new AttemptId(new RoundId(job, round), attempt);
  }

  /** An attempt that names a round only. */
  static RoundId decodeRound(FieldPath path, boolean isSet, Attempt message) {
    AttemptId attempt = decode(path, isSet, message);
    path.dot("attempt").range(attempt.attempt(), 0, 0);
    return attempt.round();
  }

  static Stage encode(WorkStage stage) {
    return switch (stage) {
      case TRAIN -> Stage.STAGE_TRAIN;
      case START -> Stage.STAGE_START;
      case ROSTER -> Stage.STAGE_ROSTER;
      case SHARES -> Stage.STAGE_SHARES;
      case SURVIVORS -> Stage.STAGE_SURVIVORS;
      case QUORUM -> Stage.STAGE_QUORUM;
      case RESULT -> Stage.STAGE_RESULT;
      case ATTEMPT_CLOSED -> Stage.STAGE_ATTEMPT_CLOSED;
      case JOB_ENDED -> Stage.STAGE_JOB_ENDED;
      case JOB_PAUSED -> Stage.STAGE_JOB_PAUSED;
    };
  }

  static WorkStage decode(FieldPath path, Stage stage) {
    return switch (stage) {
      case STAGE_TRAIN -> WorkStage.TRAIN;
      case STAGE_START -> WorkStage.START;
      case STAGE_ROSTER -> WorkStage.ROSTER;
      case STAGE_SHARES -> WorkStage.SHARES;
      case STAGE_SURVIVORS -> WorkStage.SURVIVORS;
      case STAGE_QUORUM -> WorkStage.QUORUM;
      case STAGE_RESULT -> WorkStage.RESULT;
      case STAGE_ATTEMPT_CLOSED -> WorkStage.ATTEMPT_CLOSED;
      case STAGE_JOB_ENDED -> WorkStage.JOB_ENDED;
      case STAGE_JOB_PAUSED -> WorkStage.JOB_PAUSED;
      case STAGE_UNSPECIFIED, UNRECOGNIZED -> throw path.refuse("must be a known stage");
    };
  }

  /** Attempt and stage, which must fit each other. */
  static WorkPosition position(FieldPath path, Place place) {
    WorkStage known = decode(path.dot("stage"), place.stage());
    FieldPath attemptPath = path.dot("attempt");
    AttemptId id =
        known.precedesAttempts()
            ? new AttemptId(decodeRound(attemptPath, place.isSet(), place.attempt()), 0)
            : decode(attemptPath, place.isSet(), place.attempt());
    return new WorkPosition(
        path.dot("pauses").range(place.pauses(), 0, Integer.MAX_VALUE), id, known);
  }

  /**
   * What a position is decoded from.
   *
   * @param isSet whether the attempt is
   */
  record Place(boolean isSet, Attempt attempt, Stage stage, long pauses) {}

  /** At most one position per job. */
  public static NextWorkRequest encodePositions(List<WorkPosition> positions) {
    NextWorkRequest.Builder message = NextWorkRequest.newBuilder();
    for (WorkPosition position : positions) {
      message.addPositions(
          Position.newBuilder()
              .setAttempt(encode(position.attempt()))
              .setStage(encode(position.stage()))
              .setPauses(position.pauses()));
    }
    return message.build();
  }

  /** In the order given; each job once. */
  public static List<WorkPosition> decode(NextWorkRequest message) {
    FieldPath path = FieldPath.ROOT.dot("positions");
    List<WorkPosition> positions =
        path.list(
            message.getPositionsList(),
            0,
            WireLimits.MAX_POSITIONS,
            (at, p) ->
                position(
                    at, new Place(p.hasAttempt(), p.getAttempt(), p.getStage(), p.getPauses())));
    path.distinct(positions, WorkPosition::job, "attempt.job");
    return positions;
  }

  /** Empty when nothing new came up. */
  public static NextWorkResponse encodeNextWork(Optional<Work> work) {
    NextWorkResponse.Builder message = NextWorkResponse.newBuilder();
    work.map(WorkMessages::encode).ifPresent(message::setItem);
    return message.build();
  }

  public static Optional<Work> decode(NextWorkResponse message) {
    return message.hasItem()
        ? Optional.of(WorkMessages.decode(FieldPath.ROOT.dot("item"), message.getItem()))
        : Optional.empty();
  }

  public static GetUploadStatusRequest encodeUploadStatusRequest(AttemptId attempt) {
    return GetUploadStatusRequest.newBuilder().setAttempt(encode(attempt)).build();
  }

  public static AttemptId decode(GetUploadStatusRequest message) {
    return decode(FieldPath.ROOT.dot("attempt"), message.hasAttempt(), message.getAttempt());
  }
}
