package org.hanse.core.secagg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.coordinator.AggregationStep;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.ResultVerifier;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;

/**
 * Sites and a coordinator in memory, with both real machines and a shell as simple as can be. Sites
 * can fall silent at any step, and messages can be changed or held back on their way to a site.
 */
public final class ProtocolFederation {

  /** Where a site falls silent: after it sent the message named. */
  public enum Dropout {
    BEFORE_KEYS,
    AFTER_KEYS,
    AFTER_SHARES,
    /** Chunks arrived, the commit never did. */
    DURING_UPLOAD,
    AFTER_COMMIT,
    AFTER_CONFIRMATION,
    AFTER_RELEASE
  }

  /** Sees every message to a site; what it returns arrives, nothing if empty. */
  public interface Relay {
    Optional<ToSite> pass(Fingerprint to, ToSite message);
  }

  public final TestConsortium consortium;
  public final AggregationMachine machine;
  public final Map<Fingerprint, SimulatedSite> sites = new TreeMap<>();
  public final List<FromSite> received = new ArrayList<>();
  public final Map<Fingerprint, List<byte[]>> spool = new HashMap<>();
  public final List<AggregationEffect> effects = new ArrayList<>();
  public final Set<Fingerprint> silent = new HashSet<>();
  public final Map<Fingerprint, Dropout> dropouts = new HashMap<>();
  public final Map<Fingerprint, IntVector> sentUpdates = new HashMap<>();

  /** What a dishonest site sends instead of its machine's message. */
  public BiFunction<SimulatedSite, FromSite, FromSite> tamper = (site, message) -> message;

  public Relay relay = (to, message) -> Optional.of(message);
  public UnaryOperator<IntVector> publishedSum = sum -> sum;
  public AggregationState state;
  public IntVector sum = new IntVector();
  private final Deque<Runnable> work = new ArrayDeque<>();

  public ProtocolFederation(TestConsortium consortium, long seed) {
    this.consortium = consortium;
    this.machine =
        new AggregationMachine(
            consortium.manifest(), TestConsortium.PLAN_HASH, consortium.coordinator());
    for (int i = 0; i < consortium.sites().size(); i++) {
      SimulatedSite site = new SimulatedSite(consortium, i, seed);
      sites.put(site.name(), site);
    }
    AggregationStep opened = open(TestConsortium.attempt(7, 0), consortium.roster());
    this.state = opened.next();
    apply(opened);
  }

  public SimulatedSite site(int number) {
    return List.copyOf(sites.values()).get(number);
  }

  public ProtocolFederation dropping(int number, Dropout point) {
    dropouts.put(site(number).name(), point);
    return this;
  }

  private AggregationStep open(AttemptId attempt, List<RosterEntry> roster) {
    return machine.start(attempt, TestConsortium.MODEL, roster);
  }

  /** Gives up the attempt and opens the next one among {@code roster}. */
  public void retry(int attempt, List<RosterEntry> roster) {
    work.clear();
    spool.clear();
    silent.clear();
    dropouts.clear();
    AggregationStep opened = open(TestConsortium.attempt(7, attempt), roster);
    state = opened.next();
    apply(opened);
  }

  /** Until nothing moves any more; whoever is awaited then is gone. */
  public ProtocolFederation run() {
    drain();
    while (state.stage() != AggregationStage.CLOSED && !state.awaited().isEmpty()) {
      for (Fingerprint gone : state.awaited()) {
        event(new AggregationEvent.Gone(gone));
      }
      drain();
    }
    return this;
  }

  /** Until every message on its way has arrived. */
  public void drain() {
    while (!work.isEmpty()) {
      work.poll().run();
    }
  }

  public void event(AggregationEvent event) {
    AggregationStep step = machine.handle(state, event);
    state = step.next();
    apply(step);
  }

  private void apply(AggregationStep step) {
    effects.addAll(step.effects());
    for (AggregationEffect effect : step.effects()) {
      switch (effect) {
        case AggregationEffect.Send(Fingerprint to, ToSite message) ->
            work.add(() -> deliver(to, message));
        case AggregationEffect.Unmask(Unmasker unmasker, Revelation revelation) ->
            work.add(() -> unmask(unmasker));
        case AggregationEffect.Persist persist -> {}
        case AggregationEffect.Drop drop -> {}
        case AggregationEffect.Reject reject -> {}
        case AggregationEffect.Dispute dispute -> {}
        case AggregationEffect.Convict convict -> {}
        case AggregationEffect.Close close -> {}
        case AggregationEffect.Abort abort -> {}
      }
    }
  }

  private void deliver(Fingerprint to, ToSite message) {
    Optional<ToSite> passed = relay.pass(to, message);
    SimulatedSite site = site(to);
    if (silent.contains(to) || passed.isEmpty()) {
      return;
    }
    if (dropouts.get(to) == Dropout.BEFORE_KEYS) {
      silent.add(to);
      return;
    }
    react(site, site.receive(passed.get()));
  }

  public void react(SimulatedSite site, List<SiteEffect> effects) {
    for (SiteEffect effect : effects) {
      switch (effect) {
        case SiteEffect.Journal journal -> {}
        case SiteEffect.Refuse refuse -> {}
        case SiteEffect.Send(FromSite message) -> send(site, tamper.apply(site, message));
        case SiteEffect.MaskAndUpload(UploadMasker masker) -> upload(site, masker);
        case SiteEffect.CheckResult(ResultVerifier verifier, Hash resultRoot) ->
            react(site, site.handle(new SiteInput.ResultChecked(check(verifier))));
      }
    }
  }

  private void send(SimulatedSite site, FromSite message) {
    received.add(message);
    work.add(() -> event(new AggregationEvent.Received(site.name(), message)));
    Map<Class<? extends FromSite>, Dropout> after = new HashMap<>();
    after.put(FromSite.Advertisement.class, Dropout.AFTER_KEYS);
    after.put(FromSite.Shares.class, Dropout.AFTER_SHARES);
    after.put(FromSite.UploadCommit.class, Dropout.AFTER_COMMIT);
    after.put(FromSite.Confirmation.class, Dropout.AFTER_CONFIRMATION);
    after.put(FromSite.Release.class, Dropout.AFTER_RELEASE);
    Dropout point = dropouts.get(site.name());
    if (point != null && point == after.get(message.getClass())) {
      silent.add(site.name());
    }
  }

  private void upload(SimulatedSite site, UploadMasker masker) {
    IntVector update = sentUpdates.getOrDefault(site.name(), site.update);
    List<byte[]> chunks = new ArrayList<>();
    SiteInput.UploadSummary summary = masker.maskAll(update, (chunk, bytes) -> chunks.add(bytes));
    spool.put(site.name(), chunks);
    if (dropouts.get(site.name()) == Dropout.DURING_UPLOAD) {
      silent.add(site.name());
      return;
    }
    react(site, site.handle(new SiteInput.UploadMasked(summary)));
  }

  private void unmask(Unmasker unmasker) {
    List<Integer> elements = new ArrayList<>();
    for (long chunk = 0; chunk < unmasker.chunking().chunkCount(); chunk++) {
      for (int element : unmasker.unmask(chunk, this::readSpool)) {
        elements.add(element);
      }
    }
    sum =
        publishedSum.apply(
            new IntVector(
                elements.stream().mapToInt(Integer::intValue).toArray(), unmasker.chunking()));
    ChunkTree tree = unmasker.newResultTree();
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      tree.add(sum.chunkBytes(chunk));
    }
    event(
        new AggregationEvent.Unmasked(
            tree.root(), unmasker.tag0(), unmasker.tag1(), nextModel(sum)));
  }

  public byte[] readSpool(Fingerprint site, long chunk) {
    return Objects.requireNonNull(spool.get(site)).get((int) chunk);
  }

  /** What a site's shell does with a result: verify, then apply. */
  private SiteInput.ResultCheck check(ResultVerifier verifier) {
    return verifier
        .verify(sum)
        .<SiteInput.ResultCheck>map(SiteInput.ResultCheck.Bad::new)
        .orElseGet(() -> new SiteInput.ResultCheck.Good(nextModel(sum)));
  }

  public static Hash nextModel(IntVector sum) {
    return LabelledHash.sha256(littleEndian(sum.elements()));
  }

  public static byte[] littleEndian(int... elements) {
    ByteBuffer bytes =
        ByteBuffer.allocate(elements.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(elements);
    return bytes.array();
  }

  private SimulatedSite site(Fingerprint name) {
    return Objects.requireNonNull(sites.get(name));
  }

  /** The survivors of the attempt that was unmasked, as the sites confirmed them. */
  public List<Fingerprint> counted() {
    return effects.stream()
        .filter(AggregationEffect.Unmask.class::isInstance)
        .map(effect -> ((AggregationEffect.Unmask) effect).unmasker().survivors())
        .reduce((first, second) -> second)
        .orElse(List.of());
  }

  /** The plain integer sum of what the counted sites encoded. */
  public IntVector plainSum() {
    IntVector plain = sum.map(_ -> 0);
    for (Fingerprint site : counted()) {
      plain = plain.plus(site(site).update);
    }
    return plain;
  }

  public List<AggregationEffect.Reject> rejects() {
    return effects.stream()
        .filter(AggregationEffect.Reject.class::isInstance)
        .map(AggregationEffect.Reject.class::cast)
        .toList();
  }

  public Optional<AbortReason> aborted() {
    return state instanceof AggregationState.Aborted aborted
        ? Optional.of(aborted.reason())
        : Optional.empty();
  }

  public Map<DropReason, Integer> drops() {
    Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
    for (AggregationEffect effect : effects) {
      if (effect instanceof AggregationEffect.Drop(var site, DropReason reason, var detail)) {
        drops.merge(reason, 1, Integer::sum);
      }
    }
    return drops;
  }
}
