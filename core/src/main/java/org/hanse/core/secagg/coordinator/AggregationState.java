package org.hanse.core.secagg.coordinator;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;

/** Where the coordinator stands in an attempt: forward only. Immutable. */
public sealed interface AggregationState {

  /** M0 is out; M1 are awaited. */
  record Advertising(Progress progress) implements AggregationState {}

  /** M2 is out; M3 are awaited. */
  record Sharing(Progress progress, KeySet keys) implements AggregationState {}

  /**
   * M4 is out; uploads are awaited.
   *
   * @param deliveries each site's M4
   */
  record Uploading(
      Progress progress, DealerSet dealers, Map<Fingerprint, ToSite.SharesFor> deliveries)
      implements AggregationState {}

  /** M6 is out; M7 are awaited. */
  record Confirming(Progress progress, SurvivorSet survivors) implements AggregationState {}

  /** M8 is out; M9 are awaited. */
  record Releasing(Progress progress, Agreement agreement) implements AggregationState {}

  /** The shell sums and unmasks the uploads. */
  record Unmasking(Progress progress, Agreement agreement, Revelation revelation, Unmasker unmasker)
      implements AggregationState {}

  /** M10 is out; M11 are awaited. */
  record Verifying(Progress progress, Outcome outcome) implements AggregationState {}

  /** Enough sites confirmed the model; further verdicts are welcome and change nothing. */
  record Closed(Progress progress, Outcome outcome) implements AggregationState {}

  /** The attempt brought nothing. */
  record Aborted(Progress progress, AbortReason reason) implements AggregationState {}

  /**
   * What at least t survivors signed.
   *
   * @param survivors U3, with U2 and U1 below it
   * @param statement stmt
   * @param quorum M8
   */
  record Agreement(SurvivorSet survivors, Hash statement, ToSite.Quorum quorum) {}

  /**
   * What came of the sum.
   *
   * @param agreement what it is the sum of
   * @param result M10
   * @param nextModelHash the model that the coordinator made of it
   */
  record Outcome(Agreement agreement, ToSite.Result result, Hash nextModelHash) {}

  /** What all states have in common. */
  Progress progress();

  /** The attempt this state belongs to. */
  default AttemptId attempt() {
    return progress().context().id();
  }

  /** ctx: the attempt's context hash, under which uploads are hashed. */
  default Hash context() {
    return progress().context().hash();
  }

  /** Sites still in the attempt. */
  default Set<Fingerprint> present() {
    return progress().present();
  }

  /** The stage whose item the sites hold. */
  default AggregationStage stage() {
    return switch (this) {
      case Advertising state -> AggregationStage.START;
      case Sharing state -> AggregationStage.ROSTER;
      case Uploading state -> AggregationStage.SHARES;
      case Confirming state -> AggregationStage.SURVIVORS;
      case Releasing state -> AggregationStage.QUORUM;
      case Unmasking state -> AggregationStage.QUORUM;
      case Verifying state -> AggregationStage.RESULT;
      case Closed state -> AggregationStage.CLOSED;
      case Aborted state -> AggregationStage.CLOSED;
    };
  }

  /** Sites whose answer to the current item is awaited; none while the sum is being unmasked. */
  default Set<Fingerprint> awaited() {
    return switch (this) {
      case Advertising state -> progress().withoutAnswer(FromSite.Advertisement.class);
      case Sharing state -> progress().withoutAnswer(FromSite.Shares.class);
      case Uploading state -> progress().withoutAnswer(FromSite.UploadCommit.class);
      case Confirming state -> progress().withoutAnswer(FromSite.Confirmation.class);
      case Releasing state -> progress().withoutAnswer(FromSite.Release.class);
      case Unmasking state -> Set.of();
      case Verifying state -> progress().withoutAnswer(FromSite.Verdict.class);
      case Closed state -> Set.of();
      case Aborted state -> Set.of();
    };
  }

  /** Sites whose release was received: they can take part in no later attempt of the round. */
  default Set<Fingerprint> released() {
    return Set.copyOf(progress().answers().all(FromSite.Release.class).keySet());
  }

  /** All that was signed, once there is a result. */
  default Optional<RoundTranscript> transcript() {
    return switch (this) {
      case Verifying state -> Optional.of(Transcripts.of(progress(), state.outcome()));
      case Closed state -> Optional.of(Transcripts.of(progress(), state.outcome()));
      case Advertising _,
          Sharing _,
          Uploading _,
          Confirming _,
          Releasing _,
          Unmasking _,
          Aborted _ ->
          Optional.empty();
    };
  }

  /**
   * The item that {@code site} should hold now, whatever it received before; empty if it is out of
   * the attempt or the attempt was aborted. A closed attempt still shows the result to the
   * survivors that have not voted on it.
   */
  default Optional<ToSite> currentFor(Fingerprint site) {
    if (!present().contains(site)) {
      return Optional.empty();
    }
    return switch (this) {
      case Advertising state -> Optional.of(progress().context().start());
      case Sharing state -> Optional.of(new ToSite.Roster(state.keys().advertisements()));
      case Uploading state -> Optional.ofNullable(state.deliveries().get(site));
      case Confirming state -> Optional.of(new ToSite.Survivors(state.survivors().survivors()));
      case Releasing state -> Optional.of(state.agreement().quorum());
      case Unmasking state -> Optional.of(state.agreement().quorum());
      case Verifying state -> Optional.of(state.outcome().result());
      case Closed state ->
          progress().has(FromSite.Verdict.class, site)
              ? Optional.empty()
              : Optional.of(state.outcome().result());
      case Aborted state -> Optional.empty();
    };
  }
}
