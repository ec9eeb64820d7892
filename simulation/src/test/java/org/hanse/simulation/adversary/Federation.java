package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hanse.client.update.NextModel;
import org.hanse.core.encode.AggregateGates;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.coordinator.AggregationStep;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Sites and a coordinator in memory, with both real machines, and an adversary who holds the
 * network, the coordinator if a test scripts it, and the sites named by {@link #collude}. After
 * every run the {@link Invariants} must hold.
 */
final class Federation implements SimulatedSite.Transport {

  /** Where a site falls silent. */
  enum Dropout {
    BEFORE_KEYS,
    AFTER_KEYS,
    AFTER_SHARES,
    /** Its chunks arrived, its commit never did. */
    DURING_UPLOAD,
    AFTER_COMMIT,
    AFTER_CONFIRMATION,
    AFTER_RELEASE
  }

  /** What arrives instead of a message to a site: nothing, another one, several. */
  interface ToSiteHook {
    List<ToSite> pass(SimulatedSite to, ToSite message);
  }

  /** What arrives instead of a message from a site. */
  interface FromSiteHook {
    List<FromSite> pass(SimulatedSite from, FromSite message);
  }

  final TestConsortium consortium;
  final List<SimulatedSite> sites = new ArrayList<>();
  final List<Happening> trace = new ArrayList<>();
  final List<AggregationEffect> effects = new ArrayList<>();

  /** What reached the coordinator. */
  final List<FromSite> received = new ArrayList<>();

  /** The coordinator's sum as it publishes it. */
  UnaryOperator<RingVector> published = sum -> sum;

  /** Whether the coordinator gives up on sums that break a gate, as it should. */
  boolean coordinatorChecksGates = true;

  private final AggregationMachine machine;
  private final Set<Fingerprint> colluding = new HashSet<>();
  private final Map<Fingerprint, Dropout> dropouts = new HashMap<>();
  private final Set<Fingerprint> silent = new HashSet<>();
  private final List<ToSiteHook> toSite = new ArrayList<>();
  private final List<FromSiteHook> fromSite = new ArrayList<>();
  private final Map<AttemptId, ByName<List<byte[]>>> spools = new HashMap<>();
  private final List<Runnable> underWay = new ArrayList<>();
  private Optional<Random> order = Optional.empty();
  private @Nullable AggregationState state;
  private RingVector sum = new RingVector();
  private Optional<Revelation> revelation = Optional.empty();

  Federation(TestConsortium consortium, long seed) {
    this(consortium, consortium, seed);
  }

  /** A coordinator that goes by other terms than those its sites have approved. */
  Federation(TestConsortium consortium, TestConsortium coordinators, long seed) {
    this.consortium = consortium;
    this.machine =
        new AggregationMachine(
            coordinators.manifest(), coordinators.planHash(), consortium.coordinator());
    for (int number = 0; number < consortium.sites().size(); number++) {
      sites.add(new SimulatedSite(consortium, number, seed, trace, this));
    }
  }

  /** N members of whom c may collude, seed 1. */
  static Federation of(int members, int colluding) {
    return new Federation(TestConsortium.of(members, colluding), 1);
  }

  SimulatedSite site(int number) {
    return sites.get(number);
  }

  SimulatedSite site(Fingerprint name) {
    return sites.stream().filter(site -> site.name().equals(name)).findFirst().orElseThrow();
  }

  Fingerprint name(int number) {
    return site(number).name();
  }

  AggregationState state() {
    return Objects.requireNonNull(state, "no attempt was opened");
  }

  // ----- the adversary -----

  /** These sites are the adversary's: nothing is promised about them. */
  Federation collude(int... numbers) {
    for (int number : numbers) {
      colluding.add(name(number));
    }
    return this;
  }

  Federation hookToSites(ToSiteHook hook) {
    toSite.add(hook);
    return this;
  }

  Federation hookFromSites(FromSiteHook hook) {
    fromSite.add(hook);
    return this;
  }

  /** Messages of this kind to this site arrive altered. */
  <M extends ToSite> Federation alterTo(int number, Class<M> kind, UnaryOperator<M> change) {
    return hookToSites((to, message) ->
        List.of(
            to.number == number && kind.isInstance(message)
                ? change.apply(kind.cast(message))
                : message));
  }

  /** Messages of this kind from this site arrive altered. */
  <M extends FromSite> Federation alterFrom(int number, Class<M> kind, UnaryOperator<M> change) {
    return hookFromSites((from, message) ->
        List.of(
            from.number == number && kind.isInstance(message)
                ? change.apply(kind.cast(message))
                : message));
  }

  /** Every message arrives twice, both ways. */
  Federation repeatEverything() {
    hookToSites((to, message) -> List.of(message, message));
    return hookFromSites((from, message) -> List.of(message, message));
  }

  /** The site is killed and comes back right before it gets its next message of this kind. */
  Federation restartBefore(int number, Class<? extends ToSite> kind) {
    return hookToSites((to, message) -> {
      if (to.number == number && kind.isInstance(message)) {
        to.restart();
      }
      return List.of(message);
    });
  }

  /** The coordinator is killed on the first message of this kind, and hands out its items again. */
  Federation restartCoordinatorOn(Class<? extends FromSite> kind) {
    Set<Class<? extends FromSite>> done = new HashSet<>();
    return hookFromSites((from, message) -> {
      if (kind.isInstance(message) && done.add(kind)) {
        for (Fingerprint site : state().present()) {
          state().currentFor(site).ifPresent(item -> send(site, item));
        }
      }
      return List.of(message);
    });
  }

  Federation drop(int number, Dropout point) {
    dropouts.put(name(number), point);
    return this;
  }

  /** Whatever is under way at the same time arrives in an order drawn from this seed. */
  Federation shuffle(long seed) {
    order = Optional.of(new Random(seed));
    return this;
  }

  // ----- a run -----

  /** Attempt 0 of round 1 among all. */
  Federation run() {
    return run(1, 0);
  }

  /** One attempt among these sites, to its end, and what must hold after it. */
  Federation run(long round, int attempt, int... members) {
    AttemptId id = TestConsortium.attempt(round, attempt);
    open(id, consortium.roster(members));
    drain();
    for (int step = 0; state().stage() != AggregationStage.CLOSED; step++) {
      assertThat(step).as("steps without an end").isLessThan(20);
      event(new AggregationEvent.StepExpired());
      drain();
    }
    trace.add(new Happening.Ended(id));
    return finish();
  }

  /** Opens an attempt without running it. */
  void open(AttemptId attempt, List<RosterEntry> roster) {
    silent.clear();
    underWay.clear();
    trace.add(new Happening.Opened(attempt, roster.stream().map(RosterEntry::site).toList()));
    for (SimulatedSite site : sites) {
      if (dropouts.get(site.name()) == Dropout.BEFORE_KEYS) {
        silent.add(site.name());
      }
    }
    take(machine.start(attempt, consortium.initialModel(), roster));
  }

  /** Ends what the sites are still at, and checks the invariants. */
  Federation finish() {
    sites.forEach(SimulatedSite::leave);
    assertThat(Invariants.violations(asRun())).isEmpty();
    return this;
  }

  Run asRun() {
    return new Run(consortium.threshold(), colluding, trace);
  }

  /** Until every message has arrived. */
  void drain() {
    while (!underWay.isEmpty()) {
      int next = order.map(random -> random.nextInt(underWay.size())).orElse(0);
      underWay.remove(next).run();
    }
  }

  void event(AggregationEvent event) {
    take(machine.handle(state(), event));
  }

  private void take(AggregationStep step) {
    state = step.next();
    effects.addAll(step.effects());
    for (AggregationEffect effect : step.effects()) {
      if (effect instanceof AggregationEffect.Send(Fingerprint to, ToSite message)) {
        send(to, message);
      } else if (effect instanceof AggregationEffect.Unmask(Unmasker unmasker, Revelation opened)) {
        revelation = Optional.of(opened.copy());
        underWay.add(() -> unmask(unmasker));
      }
    }
  }

  private void send(Fingerprint to, ToSite message) {
    underWay.add(() -> arriveAt(site(to), message));
  }

  private void arriveAt(SimulatedSite to, ToSite message) {
    List<ToSite> passed = List.of(message);
    for (ToSiteHook hook : toSite) {
      passed = passed.stream().flatMap(one -> hook.pass(to, one).stream()).toList();
    }
    for (ToSite one : passed) {
      if (!silent.contains(to.name())) {
        to.receive(one).forEach(reply -> depart(to, reply));
      }
    }
  }

  private void depart(SimulatedSite from, FromSite message) {
    if (silent.contains(from.name())) {
      return;
    }
    Optional<Dropout> point = Optional.ofNullable(dropouts.get(from.name()));
    if (point.equals(Optional.of(Dropout.DURING_UPLOAD))
        && message instanceof FromSite.UploadCommit) {
      silent.add(from.name());
      return;
    }
    List<FromSite> passed = List.of(message);
    for (FromSiteHook hook : fromSite) {
      passed = passed.stream().flatMap(one -> hook.pass(from, one).stream()).toList();
    }
    for (FromSite one : passed) {
      underWay.add(() -> arriveAtCoordinator(from.name(), one));
    }
    if (point.isPresent() && point.equals(lastMoment(message))) {
      silent.add(from.name());
    }
  }

  private static Optional<Dropout> lastMoment(FromSite message) {
    return switch (message) {
      case FromSite.Advertisement ad -> Optional.of(Dropout.AFTER_KEYS);
      case FromSite.Shares shares -> Optional.of(Dropout.AFTER_SHARES);
      case FromSite.UploadCommit commit -> Optional.of(Dropout.AFTER_COMMIT);
      case FromSite.Confirmation confirmation -> Optional.of(Dropout.AFTER_CONFIRMATION);
      case FromSite.Release release -> Optional.of(Dropout.AFTER_RELEASE);
      default -> Optional.empty();
    };
  }

  /** As the coordinator's shell: an upload counts if its chunks have the root it names. */
  void arriveAtCoordinator(Fingerprint from, FromSite message) {
    received.add(message);
    if (message instanceof FromSite.UploadCommit commit
        && !rootOf(from).equals(Optional.of(commit.root()))) {
      event(new AggregationEvent.Gone(from));
      return;
    }
    event(new AggregationEvent.Received(from, message));
  }

  private Optional<Hash> rootOf(Fingerprint site) {
    return spool(state().attempt())
        .find(site)
        .map(chunks -> {
          ChunkTree tree = ChunkTree.ofUpload(state().context(), site);
          chunks.forEach(tree::add);
          return tree.root();
        });
  }

  @Override
  public void upload(SimulatedSite site, AttemptId attempt, List<byte[]> chunks) {
    if (!silent.contains(site.name())) {
      spool(attempt).put(site.name(), chunks);
    }
  }

  /** The chunks that arrived, by site. */
  ByName<List<byte[]>> spool(AttemptId attempt) {
    return spools.computeIfAbsent(attempt, id -> new ByName<>());
  }

  private void unmask(Unmasker unmasker) {
    List<byte[]> chunks = new ArrayList<>();
    for (long chunk = 0; chunk < unmasker.chunking().chunkCount(); chunk++) {
      RingVector part =
          new RingVector(
              consortium.ring(),
              unmasker.unmask(
                  chunk, (site, index) -> spool(state().attempt()).get(site).get((int) index)));
      chunks.add(part.chunkBytes(0));
    }
    RingVector unmasked = RingVector.ofBytes(consortium.ring(), chunks);
    trace.add(new Happening.Unmasked(state().attempt(), unmasker.survivors(), unmasked));
    sum = published.apply(unmasked);
    if (coordinatorChecksGates && !passesGates(sum, unmasker.survivors().size())) {
      event(new AggregationEvent.UnmaskFailed(AbortReason.RESULT_IMPLAUSIBLE));
      return;
    }
    ChunkTree tree = unmasker.newResultTree();
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      tree.add(sum.chunkBytes(chunk));
    }
    event(
        new AggregationEvent.Unmasked(
            tree.root(),
            unmasker.tag0(),
            unmasker.tag1(),
            nextModel(sum).orElse(TestConsortium.hash("no model"))));
  }

  private boolean passesGates(RingVector candidate, int survivors) {
    AggregateGates gates = new AggregateGates(UpdateEncoding.of(consortium.manifest()), survivors);
    AggregateGates.Progress progress = AggregateGates.Progress.START;
    for (long chunk = 0; chunk < candidate.chunking().chunkCount(); chunk++) {
      progress = gates.take(progress, chunk, candidate.read(chunk));
    }
    return gates.finish(progress).isEmpty();
  }

  @Override
  public RingVector sumFor(SimulatedSite site) {
    return sum;
  }

  @Override
  public Optional<Hash> nextModel(RingVector from) {
    if (from.get((int) consortium.manifest().layout().parameterCount()) < 1) {
      return Optional.empty(); // it weighs nothing
    }
    FloatVector model = consortium.initialParameters();
    long[] next = {0};
    boolean finite =
        NextModel.compute(
            consortium.manifest(),
            consortium
                .planned()
                .encodingContext(state().attempt().round(), consortium.initialModel()),
            consortium.initialParameters(),
            from,
            piece -> {
              float[] values = piece.toArray();
              model.write(next[0], values, values.length);
              next[0] += values.length;
            });
    return finite ? Optional.of(TestConsortium.hashOf(model)) : Optional.empty();
  }

  // ----- what came of it -----

  RingVector sum() {
    return sum;
  }

  /** What the releases of the last attempt opened, as the coordinator hands it to auditors. */
  Revelation revelation() {
    return revelation.orElseThrow();
  }

  boolean published() {
    return state() instanceof AggregationState.Closed;
  }

  Optional<AbortReason> aborted() {
    return effects.stream()
        .filter(AggregationEffect.Abort.class::isInstance)
        .map(effect -> ((AggregationEffect.Abort) effect).reason())
        .reduce((first, second) -> second)
        .filter(reason -> state() instanceof AggregationState.Aborted);
  }

  /** U3 of the last sum that was unmasked; empty if none was. */
  List<Fingerprint> counted() {
    return asRun()
        .all(Happening.Unmasked.class)
        .reduce((first, second) -> second)
        .map(Happening.Unmasked::survivors)
        .orElse(List.of());
  }

  /** Why the coordinator left this site out, or refused its last message. */
  Optional<DropReason> dropped(int number) {
    return effects.stream()
        .map(effect ->
            switch (effect) {
              case AggregationEffect.Drop(var site, DropReason reason, var detail)
                  when site.equals(name(number)) ->
                  Optional.of(reason);
              case AggregationEffect.Reject(var site, DropReason reason, var detail)
                  when site.equals(name(number)) ->
                  Optional.of(reason);
              default -> Optional.<DropReason>empty();
            })
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Messages of one kind that honest and colluding sites have sent so far. */
  <M extends FromSite> List<M> sent(Class<M> kind) {
    return asRun()
        .all(Happening.Sent.class)
        .map(Happening.Sent::message)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
