package org.hanse.simulation.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.attack.Attack;

/** What the demo has to tell, in the order in which it happens. */
public sealed interface DemoEvent {

  /**
   * The records are dealt.
   *
   * @param counts records, {@code [site][class]}
   * @param heldOut records that no site holds
   */
  record Dealt(List<SiteId> sites, List<String> classes, List<List<Integer>> counts, int heldOut)
      implements DemoEvent {
    public Dealt {
      sites = List.copyOf(sites);
      classes = List.copyOf(classes);
      counts = counts.stream().map(List::copyOf).toList();
    }
  }

  /** Programs are being started; their files lie in {@code directory}. */
  record Starting(Path directory, boolean kept) implements DemoEvent {}

  /** The coordinator took the job and every site's steward approved it. */
  record Submitted(JobId job, String planHash, Suite suite) implements DemoEvent {}

  /** A step of a round began. */
  record StageReached(long round, String stage, int sites) implements DemoEvent {}

  /**
   * A round gave a new model.
   *
   * @param sites that were counted
   * @param loss of the model that the round started from, decoded from the sum
   * @param accuracy of the same model, 0 to 1
   */
  record RoundPublished(
      long round, int sites, double loss, double accuracy, double seconds, long uploadedBytes)
      implements DemoEvent {}

  /**
   * A round counted fewer sites than planned, since some had died: the model is another than that
   * of an undisturbed run.
   *
   * @param sites that were counted; 0 if the round gave no model
   * @param died sites whose process ended without the demo's doing, in whatever round
   */
  record RoundFellShort(long round, int sites, int planned, List<SiteId> died)
      implements DemoEvent {
    public RoundFellShort {
      died = List.copyOf(died);
    }
  }

  /** A site takes no further part in a round. */
  record SiteLeft(long round, SiteId site, String reason) implements DemoEvent {}

  /** An attempt at a round ended without a model. */
  record AttemptAborted(long round, long attempt, String reason) implements DemoEvent {}

  /**
   * A site says that the box which another dealt it is bad: the round's next attempt is without
   * both.
   *
   * @param reason what is bad about it
   */
  record ShareRefused(long round, SiteId holder, SiteId dealer, String reason)
      implements DemoEvent {}

  /** A site dealt shares of another secret than it committed to: it is out of the job. */
  record DealerConvicted(long round, SiteId site) implements DemoEvent {}

  /** The demo killed a site's process on purpose, during its upload. */
  record SiteKilled(long round, SiteId site) implements DemoEvent {}

  /** A site has trained in a round and saved its update. */
  record Trained(long round, SiteId site) implements DemoEvent {}

  /**
   * The job stands still.
   *
   * @param reason empty if somebody paused it
   * @param by empty if nobody did
   */
  record JobPaused(String reason, String by) implements DemoEvent {}

  /** It goes on. */
  record JobResumed(String by) implements DemoEvent {}

  /** The demo killed the coordinator's process on purpose, while updates came in. */
  record CoordinatorKilled(long round) implements DemoEvent {}

  /** The coordinator's process had ended and was started again. */
  record CoordinatorRestarted(int exitCode) implements DemoEvent {}

  /** A site's process had ended and was started again. */
  record SiteRestarted(SiteId site, int exitCode) implements DemoEvent {}

  /** A dishonest coordinator is put in front of the honest one. */
  record AttackBegins(Attack attack) implements DemoEvent {}

  /** What it does to a site: a sentence without its subject. */
  record Lied(String words) implements DemoEvent {}

  /**
   * A site does not go along.
   *
   * @param check the reason, a word of the site's closed list
   * @param explanation the site's own
   */
  record SiteRefused(SiteId site, long round, String check, String explanation)
      implements DemoEvent {}

  /** Every check that was to stop the attack has, or one has not. */
  record AttackEnded(Attack attack, boolean refused) implements DemoEvent {}

  /** The models are measured beside each other. */
  record Compared(Comparison comparison) implements DemoEvent {}

  /** All is done. */
  record Finished(Outcome outcome) implements DemoEvent {}

  /**
   * How it ended.
   *
   * @param modelSha256 of the exported file
   */
  record Outcome(
      JobId job,
      DemoOptions.FederationOptions options,
      long rounds,
      Comparison comparison,
      String modelSha256,
      double wallSeconds,
      Optional<Path> kept) {}
}
