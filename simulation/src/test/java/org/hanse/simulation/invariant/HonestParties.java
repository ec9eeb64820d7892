package org.hanse.simulation.invariant;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.fault.Fault;
import org.hanse.simulation.fault.FaultKind;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.simulation.world.World;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.LeaveReason;

/**
 * Machines fail, and nobody here lies: so nobody is ever accused of a lie, and whoever blames its
 * own files has had files that failed.
 */
final class HonestParties implements Facts {
  private static final String RULE = "nobody honest is accused";

  private static final Set<DropReason> DROPS =
      EnumSet.of(DropReason.SILENT, DropReason.GONE, DropReason.WITHDREW);

  private static final Set<AbortReason> ABORTS =
      EnumSet.of(
          AbortReason.QUORUM_NOT_REACHED,
          AbortReason.TOO_FEW_SURVIVORS,
          AbortReason.STATEMENT_NOT_CONFIRMED,
          AbortReason.RECONSTRUCTION_FAILED,
          AbortReason.VERDICTS_MISSING,
          AbortReason.ATTEMPTS_EXHAUSTED,
          AbortReason.ROUNDS_DISCARDED,
          AbortReason.PAUSED,
          AbortReason.PAUSED_TOO_LONG);

  /** What sites refuse because of an accident. */
  private static final Set<String> REFUSALS =
      Set.of(
          SiteRefusal.ROSTER_INVALID.name(),
          SiteRefusal.ATTEMPT_ALREADY_JOINED.name(),
          SiteRefusal.ROUND_ALREADY_RELEASED.name(),
          SiteRefusal.UNEXPECTED_MESSAGE.name(),
          SiteRefusal.DEADLINE_PASSED.name(),
          "TRAINING_FAILED",
          "MODEL");

  /** What a call may meet that comes too late or too early. */
  private static final Set<ErrorReason> CALLS =
      EnumSet.of(ErrorReason.JOB_OVER, ErrorReason.UNKNOWN_MODEL, ErrorReason.UNKNOWN_JOB);

  private final World world;
  private final boolean coordinatorFilesFail;
  private final boolean trainingsSpoiled;
  private final boolean certificatesEnd;
  private final Set<SiteId> damaged = new HashSet<>();
  private boolean coordinatorDamaged;

  HonestParties(World world, FaultPlan plan) {
    this.world = world;
    Set<FaultKind> files =
        EnumSet.of(
            FaultKind.BIT_FLIP,
            FaultKind.DISK_FULL,
            FaultKind.IO_ERROR,
            FaultKind.DATABASE_FULL,
            FaultKind.DATABASE_LOCKED);
    this.coordinatorFilesFail =
        plan.faults().stream()
            .anyMatch(
                fault -> fault.target().equals(Fault.COORDINATOR) && files.contains(fault.kind()));
    this.trainingsSpoiled = has(plan, FaultKind.TRAINER_NOT_FINITE);
    this.certificatesEnd = has(plan, FaultKind.CERTIFICATE_END);
  }

  private static boolean has(FaultPlan plan, FaultKind kind) {
    return plan.faults().stream().anyMatch(fault -> fault.kind() == kind);
  }

  @Override
  public void damaged(SiteId site) {
    damaged.add(site);
  }

  @Override
  public void coordinatorDamaged() {
    coordinatorDamaged = true;
  }

  @Override
  public void refused(SiteId site, RoundId round, String reason) {
    boolean ownUpdate = reason.equals(SiteRefusal.UPDATE_INVALID.name());
    boolean explained = ownUpdate && (trainingsSpoiled || damaged.contains(site));
    boolean wrongResult =
        coordinatorDamaged
            && (reason.equals(SiteRefusal.RESULT_FORGED.name())
                || reason.equals(SiteRefusal.SUM_UNPROVEN.name()));
    if (!REFUSALS.contains(reason) && !explained && !wrongResult) {
      world.fail(RULE, "%s refuses in %s: %s".formatted(site, round, reason), null);
    }
  }

  @Override
  public void callRefused(SiteId site, ErrorReason reason) {
    boolean certificate =
        certificatesEnd
            && (reason == ErrorReason.SIGNING_CERTIFICATE_REFUSED
                || reason == ErrorReason.KEY_INVALID);
    boolean mistake = reason.duty() == ErrorReason.Duty.FIX || reason == ErrorReason.INTERNAL;
    if (mistake && !CALLS.contains(reason) && !certificate) {
      world.fail(RULE, "a call of %s is refused: %s".formatted(site, reason), null);
    }
  }

  @Override
  public void stored(List<JobChange> changes) {
    for (JobChange change : changes) {
      if (change instanceof JobChange.Reported reported) {
        judge(reported.entry().event());
      }
    }
  }

  private void judge(JobEventValue event) {
    switch (event) {
      case JobEventValue.SiteLeft left -> {
        if (left.reason() instanceof LeaveReason.Dropped(DropReason reason)
            && !DROPS.contains(reason)
            && !(reason == DropReason.KEY_INVALID && certificatesEnd)) {
          world.fail(RULE, left.toString(), null);
        }
      }
      case JobEventValue.AttemptAborted aborted -> judge(aborted.reason(), event);
      case JobEventValue.Finished finished ->
          finished.standing().reason().ifPresent(reason -> judge(reason, event));
      case JobEventValue.Paused paused ->
          paused.standing().reason().ifPresent(reason -> judge(reason, event));
      case JobEventValue.ShareRefused _, JobEventValue.DealerConvicted _ ->
          world.fail(RULE, event.toString(), null);
      case JobEventValue.Resumed _,
          JobEventValue.StageReached _,
          JobEventValue.RoundPublished _ -> {}
    }
  }

  private void judge(AbortReason reason, JobEventValue event) {
    boolean ownFiles = reason == AbortReason.COORDINATOR_STORAGE && coordinatorFilesFail;
    boolean wrongResult = reason == AbortReason.RESULT_REFUSED && coordinatorDamaged;
    if (!ABORTS.contains(reason) && !ownFiles && !wrongResult) {
      world.fail(RULE, event.toString(), null);
    }
  }
}
