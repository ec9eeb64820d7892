package org.hanse.simulation.invariant;

import java.util.List;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.core.plan.Hash;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobEventValue;

/** The model changes, by one version, in the transaction that says Published, and in no other. */
final class VersionsInOrder implements Facts {
  private final World world;
  private long version;
  private Hash model;
  private boolean ended;

  VersionsInOrder(World world, Charter charter) {
    this.world = world;
    this.model = charter.manifest().training().initialModelHash();
  }

  @Override
  public void stored(List<JobChange> changes) {
    if (ended && !changes.isEmpty()) {
      fail("stored after the job's end: " + changes);
    }
    for (JobChange change : changes) {
      switch (change) {
        case JobChange.Reported reported -> {
          if (reported.entry().event() instanceof JobEventValue.RoundPublished published) {
            version++;
            model = published.modelHash();
          } else if (reported.entry().event() instanceof JobEventValue.Finished finished) {
            ended = true;
            if (finished.rounds() != version || !finished.modelHash().equals(model)) {
              fail("ends as " + finished + " at version " + version);
            }
          }
        }
        case JobChange.Progressed(JobProgress progress) -> {
          if (progress.publishedRounds() != version || !progress.model().equals(model)) {
            fail("stands at %s with version %d".formatted(progress, version));
          }
        }
        case JobChange.RoundOpened _,
            JobChange.EventTaken _,
            JobChange.RoundPaused _,
            JobChange.RoundGivenUp _,
            JobChange.ModelUsed _ -> {}
      }
    }
  }

  private void fail(String what) {
    world.fail("the version changes on Published alone", what, null);
  }
}
