package org.hanse.simulation.adversary;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.RoundStep;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.wire.value.WorkContent;

/**
 * Round 1 among the sites of a federation under the coordinator's round machine, so attempt after
 * attempt, by a clock that the test sets. It ends where the sum would be made.
 */
final class RoundRun {
  final Federation federation;
  final List<RoundEffect> effects = new ArrayList<>();

  /** What reached the coordinator. */
  final List<FromSite> received = new ArrayList<>();

  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private final RoundMachine machine;
  private final RoundId round = TestConsortium.round(1);
  private final List<Federation.FromSiteHook> hooks = new ArrayList<>();
  private final List<List<Fingerprint>> rosters = new ArrayList<>();
  private final Queue<Runnable> underWay = new ArrayDeque<>();
  private RoundState state;

  RoundRun(Federation federation) {
    this.federation = federation;
    TestConsortium consortium = federation.consortium;
    this.machine =
        new RoundMachine(
            new AggregationMachine(
                consortium.manifest(), consortium.planHash(), consortium.coordinator()));
    RoundPlan plan =
        new RoundPlan(
            round,
            new RoundPlan.ModelUnderTraining(
                consortium.manifest(), consortium.planHash(), consortium.initialModel()),
            Optional.empty(),
            Set.of(),
            Resumption.NONE,
            new RoundPlan.Patience(Duration.ofSeconds(30), Duration.ofSeconds(5)));
    RoundStep opened = machine.open(plan, Map.of(), now);
    state = opened.next();
    effects.addAll(opened.effects());
  }

  RoundRun hookFromSites(Federation.FromSiteHook hook) {
    hooks.add(hook);
    return this;
  }

  /** All are there and have trained; goes on until nobody has anything to say. */
  RoundRun run() {
    for (SimulatedSite site : federation.sites) {
      event(new RoundEvent.SiteCame(site.name(), now));
    }
    for (SimulatedSite site : federation.sites) {
      RosterEntry entry = new RosterEntry(site.name(), site.key.publicKey());
      CertifiedKey key = new CertifiedKey(entry, site.key.publicKey(), Instant.MAX);
      event(new RoundEvent.TrainingFinished(round, site.name(), key, now));
    }
    return this;
  }

  /** The time has come; the shell's alarm goes off. */
  void timePasses(Instant until) {
    now = until;
    event(new RoundEvent.TimePassed(now));
  }

  /** A message arrives in this attempt, whoever made it. Effects of this alone come back. */
  List<RoundEffect> arrive(int attempt, int site, FromSite message) {
    int before = effects.size();
    received.add(message);
    AttemptId id = new AttemptId(round, attempt);
    event(new RoundEvent.MessageReceived(id, federation.name(site), message, now));
    return List.copyOf(effects.subList(before, effects.size()));
  }

  void finish() {
    for (int attempt = 0; attempt < rosters.size(); attempt++) {
      federation.trace.add(new Happening.Ended(new AttemptId(round, attempt)));
    }
    federation.finish();
  }

  RoundState state() {
    return state;
  }

  RoundState.InAttempt running() {
    return (RoundState.InAttempt) state;
  }

  /** ctx of an attempt so far. */
  Hash context(int attempt) {
    return Knowledge.contextOf(
        federation.consortium, new AttemptId(round, attempt), rosters.get(attempt));
  }

  /** R of every attempt so far. */
  List<List<Fingerprint>> rosters() {
    return List.copyOf(rosters);
  }

  List<Fingerprint> names(int... numbers) {
    return Arrays.stream(numbers).mapToObj(federation::name).toList();
  }

  private void event(RoundEvent event) {
    RoundStep step = machine.handle(state, event);
    state = step.next();
    effects.addAll(step.effects());
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Assign assign) {
        underWay.add(() -> assigned(assign));
      }
    }
    while (!underWay.isEmpty()) {
      underWay.remove().run();
    }
  }

  private void assigned(RoundEffect.Assign assign) {
    AttemptId attempt = assign.position().attempt();
    SimulatedSite site = federation.site(assign.to());
    switch (assign.content()) {
      case WorkContent.Start start -> {
        List<RosterEntry> roster =
            running().attempt().cohort().roster().stream()
                .map(name -> new RosterEntry(name, federation.site(name).key.publicKey()))
                .toList();
        opened(attempt);
        tell(site, start.verified(attempt, roster));
      }
      case WorkContent.Step(ToSite message) -> tell(site, message);
      case WorkContent.Train train -> {}
      case WorkContent.JobPaused paused -> {}
      case WorkContent.AttemptClosed closed -> {}
      case WorkContent.JobEnded ended -> {}
    }
  }

  private void opened(AttemptId attempt) {
    if (attempt.attempt() == rosters.size()) {
      rosters.add(running().attempt().cohort().roster());
      federation.trace.add(new Happening.Opened(attempt, rosters.getLast()));
    }
  }

  private void tell(SimulatedSite site, ToSite message) {
    for (FromSite reply : site.receive(message)) {
      int attempt = rosters.size() - 1;
      List<FromSite> passed = List.of(reply);
      for (Federation.FromSiteHook hook : hooks) {
        passed = passed.stream().flatMap(one -> hook.pass(site, one).stream()).toList();
      }
      passed.forEach(one -> underWay.add(() -> arrive(attempt, site.number, one)));
    }
  }
}
