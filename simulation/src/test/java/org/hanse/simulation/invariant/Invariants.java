package org.hanse.simulation.invariant;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.simulation.world.World;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/** All of them, each told of every fact as it happens. */
public final class Invariants {
  private static final int REPLAYED_EVERY = 3;

  private final World world;
  private final Survivors survivors = new Survivors();
  private final ReplayedJournal journal;
  private final PublishedModels models;
  private final List<Facts> all;
  private final Set<SiteId> informed = new HashSet<>();
  private Optional<JobEventValue.Finished> finished = Optional.empty();

  public Invariants(World world, Charter charter, FaultPlan plan) {
    this.world = world;
    this.journal = new ReplayedJournal(world, charter);
    this.models = new PublishedModels(world, charter, survivors);
    // It costs as much as the coordinator does, so only some runs are replayed.
    Facts replayed = world.random().nextInt(REPLAYED_EVERY) == 0 ? journal : new Facts() {};
    this.all =
        List.of(
            survivors,
            new AcknowledgedUploads(world, charter, survivors),
            new OneReleaseARound(world),
            new OneShareKind(world),
            new CohortFloor(world, charter, survivors),
            new TrainedOnce(world),
            new FreshKeys(world),
            new HonestParties(world, plan),
            new VersionsInOrder(world, charter),
            replayed,
            models);
  }

  /** The store whose journal is replayed. */
  public void watch(JobStore store) {
    journal.watch(store);
  }

  /** Whether the coordinator has stored the job's end. */
  public boolean jobOver() {
    return finished.isPresent();
  }

  /** Sites that have been told so. */
  public Set<SiteId> informed() {
    return informed;
  }

  /** What can be judged only when all is over. */
  public void atTheEnd(FaultPlan plan) {
    models.atTheEnd();
    if (plan.faults().isEmpty()
        && !finished.map(JobEventValue.Finished::state).equals(Optional.of(JobState.COMPLETED))) {
      world.fail("every job completes", "nothing went wrong, and it is " + finished, null);
    }
  }

  /** Passes every fact on. */
  public Facts facts() {
    return new Facts() {
      private void each(Consumer<Facts> fact) {
        all.forEach(fact);
      }

      @Override
      public void given(SiteId site, Work work) {
        world.note(site + " is given " + work.position());
        if (work.content() instanceof WorkContent.JobEnded) {
          informed.add(site);
        }
        each(to -> to.given(site, work));
      }

      @Override
      public void sending(SiteId site, AttemptMessage message) {
        world.note(
            site
                + " sends "
                + message.message().getClass().getSimpleName()
                + " in "
                + message.attempt());
        each(to -> to.sending(site, message));
      }

      @Override
      public void uploadAcknowledged(SiteId site, AttemptId attempt) {
        world.note(site + " knows that its upload is stored in " + attempt);
        each(to -> to.uploadAcknowledged(site, attempt));
      }

      @Override
      public void training(SiteId site, RoundId round) {
        each(to -> to.training(site, round));
      }

      @Override
      public void trained(SiteId site, RoundId round) {
        each(to -> to.trained(site, round));
      }

      @Override
      public void roundClosed(SiteId site, RoundId round, Hash model) {
        each(to -> to.roundClosed(site, round, model));
      }

      @Override
      public void refused(SiteId site, RoundId round, String reason) {
        each(to -> to.refused(site, round, reason));
      }

      @Override
      public void callRefused(SiteId site, ErrorReason reason) {
        world.note(site + " is refused a call: " + reason);
        each(to -> to.callRefused(site, reason));
      }

      @Override
      public void roundSpent(SiteId site, RoundId round, Optional<AbortReason> reason) {
        each(to -> to.roundSpent(site, round, reason));
      }

      @Override
      public void jobEnded(SiteId site, JobState state) {
        each(to -> to.jobEnded(site, state));
      }

      @Override
      public void stored(List<JobChange> changes) {
        for (JobChange change : changes) {
          note(change);
        }
        each(to -> to.stored(changes));
      }

      @Override
      public void damaged(SiteId site) {
        each(to -> to.damaged(site));
      }

      @Override
      public void coordinatorDamaged() {
        each(Facts::coordinatorDamaged);
      }
    };
  }

  private void note(JobChange change) {
    if (change instanceof JobChange.Reported reported) {
      JobEventValue event = reported.entry().event();
      world.note("stored " + event);
      if (event instanceof JobEventValue.Finished end) {
        finished = Optional.of(end);
      }
    }
  }
}
