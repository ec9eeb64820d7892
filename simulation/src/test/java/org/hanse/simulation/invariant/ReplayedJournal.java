package org.hanse.simulation.invariant;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.RoundStep;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.consortium.SimulatedCoordinator;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobEventValue;
import org.jspecify.annotations.Nullable;

/**
 * A machine that is fed with what the journal takes, transaction by transaction, reports what the
 * coordinator's own reported; and reading the journal again from its beginning gives the state that
 * it has come to.
 */
final class ReplayedJournal implements Facts {
  private static final String RULE = "replay gives the same state";

  private final World world;
  private final Charter charter;
  private final RoundMachine machine;
  private @Nullable JobStore store;
  private @Nullable RoundState state;

  ReplayedJournal(World world, Charter charter) {
    this.world = world;
    this.charter = charter;
    this.machine =
        new RoundMachine(
            new AggregationMachine(
                charter.manifest(), charter.planned().planHash(), charter.coordinatorKey()));
  }

  void watch(JobStore watched) {
    store = watched;
  }

  @Override
  public void stored(List<JobChange> changes) {
    List<JobEventValue> said = new ArrayList<>();
    List<JobEventValue> expected = new ArrayList<>();
    boolean ends = false;
    for (JobChange change : changes) {
      switch (change) {
        case JobChange.RoundOpened opened -> {
          if (state != null && !over(state)) {
            world.fail(RULE, "a round opens while the one before is " + state, null);
          }
          take(open(opened), expected);
        }
        case JobChange.EventTaken(RoundEvent event) -> {
          RoundState before = state;
          if (before == null) {
            world.fail(RULE, "an event of no round", null);
            return;
          }
          take(machine.handle(before, event), expected);
        }
        case JobChange.Reported reported -> {
          switch (reported.entry().event()) {
            case JobEventValue.Finished _ -> ends = true;
            case JobEventValue.Paused _, JobEventValue.Resumed _ -> {}
            default -> said.add(reported.entry().event());
          }
        }
        case JobChange.RoundPaused _ -> state = null;
        case JobChange.RoundGivenUp _, JobChange.Progressed _, JobChange.ModelUsed _ -> {}
      }
    }
    if (!comparable(said).equals(comparable(expected))) {
      world.fail(RULE, "said %s, by the journal %s".formatted(said, expected), null);
    }
    if (state != null && over(state) && !ends) {
      readAgain();
    }
  }

  /** Time and bytes are not the machine's. */
  private static List<String> comparable(List<JobEventValue> events) {
    return events.stream()
        .filter(event -> !(event instanceof JobEventValue.RoundPublished))
        .map(Object::toString)
        .toList();
  }

  private static boolean over(RoundState state) {
    return state instanceof RoundState.Published || state instanceof RoundState.Aborted;
  }

  private RoundStep open(JobChange.RoundOpened opened) {
    return open(new RoundJournal(opened.opening(), List.of(), false));
  }

  private RoundStep open(RoundJournal journal) {
    var progress = journal.opening().progress();
    return machine.open(
        new RoundPlan(
            progress.round(),
            new RoundPlan.ModelUnderTraining(
                charter.manifest(), charter.planned().planHash(), progress.model()),
            progress.adoption(),
            progress.convicted().keySet(),
            progress.resumption(),
            SimulatedCoordinator.PATIENCE),
        journal.opening().known(),
        journal.opening().openedAt());
  }

  private void take(RoundStep step, List<JobEventValue> expected) {
    state = step.next();
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Report(JobEventValue event)) {
        expected.add(event);
      }
      if (effect instanceof RoundEffect.Unmask unmask) {
        unmask.unmasker().erase();
        unmask.revelation().erase();
      }
    }
  }

  private void readAgain() {
    JobStore read = store;
    RoundState before = state;
    if (read == null || before == null) {
      return;
    }
    try {
      Optional<RoundJournal> journal = read.journal(charter.id());
      if (journal.isEmpty()) {
        return;
      }
      RoundStep step = open(journal.get());
      for (RoundEvent event : journal.get().events()) {
        step = machine.handle(step.next(), event);
      }
      if (!step.next().getClass().equals(before.getClass())
          || !step.next().plan().equals(before.plan())) {
        world.fail(RULE, "%s instead of %s".formatted(step.next(), before), null);
      }
    } catch (IOException e) {
      world.fail(RULE, "the journal cannot be read", e);
    }
  }
}
