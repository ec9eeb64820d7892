package org.hanse.simulation.crash;

import java.util.Locale;
import java.util.Optional;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;

/** What commits are called in the names of failpoints: by what they make durable. */
final class CommitNames {
  private CommitNames() {}

  /** Empty for what never comes alone. */
  static Optional<String> of(JobChange change) {
    return switch (change) {
      case JobChange.RoundOpened _ -> Optional.of("round-opened");
      case JobChange.EventTaken(RoundEvent event) -> Optional.of(of(event));
      case JobChange.Reported(JobEventEntry entry) -> Optional.of(of(entry.event()));
      case JobChange.RoundPaused _ -> Optional.of("round-paused");
      case JobChange.RoundGivenUp _ -> Optional.of("round-given-up");
      case JobChange.Progressed _, JobChange.ModelUsed _ -> Optional.empty();
    };
  }

  private static String of(RoundEvent event) {
    return event instanceof RoundEvent.MessageReceived received
        ? "message-" + words(received.message())
        : words(event);
  }

  private static String of(JobEventValue event) {
    return event instanceof JobEventValue.StageReached reached
        ? "stage-" + reached.stage().name().toLowerCase(Locale.ROOT)
        : words(event);
  }

  /** A site's event that the coordinator acknowledges: it must come once. */
  static Optional<String> acknowledged(JobChange change) {
    if (!(change instanceof JobChange.EventTaken(RoundEvent event))) {
      return Optional.empty();
    }
    return switch (event) {
      case RoundEvent.TrainingFinished trained ->
          Optional.of(of(event) + " " + trained.round() + " " + trained.site());
      case RoundEvent.MessageReceived received ->
          Optional.of(of(event) + " " + received.attempt() + " " + received.site());
      default -> Optional.empty();
    };
  }

  /** {@code UploadCommit} becomes {@code upload-commit}. */
  private static String words(Object value) {
    return value
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=.)(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
