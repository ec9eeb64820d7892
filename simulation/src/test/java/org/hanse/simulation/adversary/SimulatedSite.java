package org.hanse.simulation.adversary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.hanse.client.update.RoundEncoder;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.ResultVerifier;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.secagg.site.SiteStep;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * One site: the real machine and the simplest shell around it, a journal that survives a restart,
 * and an update made from a seed.
 */
final class SimulatedSite {
  /** Where uploads go and sums come from. */
  interface Transport {
    void upload(SimulatedSite site, AttemptId attempt, List<byte[]> chunks);

    RingVector sumFor(SimulatedSite site);

    /** The model that follows from a sum; empty if none does. */
    Optional<Hash> nextModel(RingVector sum);
  }

  final int number;
  final SigningKey key;
  final List<JournalEntry> journal = new ArrayList<>();
  final List<SiteRefusal> refusals = new ArrayList<>();

  /** What the site has made of every message so far, for searching it. */
  final List<SiteEffect> effects = new ArrayList<>();

  SiteState state = new SiteState.Idle();

  /** A machine restored from a snapshot: the same random bytes in every attempt. */
  boolean repeatsEntropy;

  /** The site dies right after a journal entry of this kind became durable. */
  @Nullable Class<? extends JournalEntry> diesAfter;

  /** What a dishonest site masks instead of its update. */
  UnaryOperator<RingVector> masks = update -> update;

  /** The hash of the update as it lies on the site's disk. */
  Hash updateHash = TestConsortium.hash("update");

  /** What the site does with a result before it verifies it. */
  Consumer<ResultVerifier> audits = verifier -> {};

  /** The masker of the last attempt. */
  @Nullable UploadMasker masker;

  private final TestConsortium consortium;
  private final long seed;
  private final List<Happening> trace;
  private final Transport transport;
  private SiteMachine machine;
  private final Map<RoundId, RingVector> encoded = new HashMap<>();
  private final Set<SecretBytes> secrets = Collections.newSetFromMap(new IdentityHashMap<>());

  SimulatedSite(
      TestConsortium consortium,
      int number,
      long seed,
      List<Happening> trace,
      Transport transport) {
    this.consortium = consortium;
    this.number = number;
    this.seed = seed;
    this.trace = trace;
    this.transport = transport;
    this.key = consortium.sites().get(number);
    this.machine = machine(new CohortFloor(2, Set.of()));
  }

  Fingerprint name() {
    return key.fingerprint();
  }

  /** From now on the site has this policy of its own. */
  void insistOn(CohortFloor floor) {
    machine = machine(floor);
  }

  private SiteMachine machine(CohortFloor floor) {
    return new SiteMachine(consortium.manifest(), consortium.planHash(), key, floor);
  }

  /** A process that ended and came back: the journal is all that is left. */
  void restart() {
    state = new SiteState.Idle();
    // With the process went its memory.
    secrets.clear();
  }

  /** Handles one message as a shell does, to the end; what the site sends comes back. */
  List<FromSite> receive(ToSite message) {
    return handle(
        message instanceof ToSite.RoundStart start
            ? start(start)
            : new SiteInput.Received(message));
  }

  /** M0 as the shell passes it on. */
  SiteInput.Start start(ToSite.RoundStart message) {
    return new SiteInput.Start(
        message,
        SiteHistory.of(TestConsortium.JOB, journal),
        consortium.initialModel(),
        updateHash,
        SecretBytes.adopt(entropy(message.attempt())));
  }

  /** The random bytes the site draws for an attempt; to the adversary only if it colludes. */
  byte[] entropy(AttemptId attempt) {
    return TestConsortium.entropy(
        seed, number, repeatsEntropy ? new AttemptId(attempt.round(), 0) : attempt);
  }

  /** Handles one input and everything that follows from it. */
  List<FromSite> handle(SiteInput input) {
    SiteStep step = machine.handle(state, input);
    state = step.next();
    effects.addAll(step.effects());
    secrets.addAll(Secrets.in(input));
    secrets.addAll(Secrets.in(state));
    secrets.addAll(Secrets.in(step.effects()));
    List<FromSite> sent = new ArrayList<>();
    for (SiteEffect effect : step.effects()) {
      switch (effect) {
        case SiteEffect.Journal(JournalEntry entry) -> {
          journal.add(entry);
          trace.add(new Happening.Journalled(name(), entry));
          if (diesAfter != null && diesAfter.isInstance(entry)) {
            restart();
            return sent;
          }
        }
        case SiteEffect.Send(FromSite message) -> {
          trace.add(new Happening.Sent(name(), attempt(), message));
          sent.add(message);
        }
        case SiteEffect.MaskAndUpload(UploadMasker toMask) -> sent.addAll(upload(toMask));
        case SiteEffect.CheckResult check ->
            sent.addAll(handle(new SiteInput.ResultChecked(check(check))));
        case SiteEffect.Refuse(SiteRefusal reason, String detail) -> refusals.add(reason);
      }
    }
    return sent;
  }

  private AttemptId attempt() {
    return state.attempt().orElseThrow();
  }

  private List<FromSite> upload(UploadMasker toMask) {
    masker = toMask;
    RingVector plain = masks.apply(update(attempt().round()));
    List<byte[]> chunks = new ArrayList<>();
    SiteInput.UploadSummary summary = toMask.maskAll(plain, (chunk, bytes) -> chunks.add(bytes));
    trace.add(new Happening.Masked(name(), attempt(), plain));
    transport.upload(this, attempt(), chunks);
    return handle(new SiteInput.UploadMasked(summary));
  }

  /** What a site's shell does with a result: verify, then apply. */
  private SiteInput.ResultCheck check(SiteEffect.CheckResult check) {
    audits.accept(check.verifier());
    RingVector sum = transport.sumFor(this);
    Optional<SiteRefusal> refusal = check.verifier().verify(sum);
    if (refusal.isPresent()) {
      return new SiteInput.ResultCheck.Bad(refusal.get());
    }
    return transport
        .nextModel(sum)
        .<SiteInput.ResultCheck>map(SiteInput.ResultCheck.Good::new)
        .orElseGet(() -> new SiteInput.ResultCheck.Bad(SiteRefusal.RESULT_IMPLAUSIBLE));
  }

  /** The attempt is over for whatever reason; notes how many of its secrets are left. */
  void leave() {
    handle(new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));
    int kept = (int) secrets.stream().filter(secret -> !secret.isErased()).count();
    trace.add(new Happening.Left(name(), kept));
  }

  /** Secrets of this site's attempts that are in memory now. */
  long secretsInMemory() {
    return secrets.stream().filter(secret -> !secret.isErased()).count();
  }

  Optional<SiteRefusal> lastRefusal() {
    return refusals.isEmpty() ? Optional.empty() : Optional.of(refusals.getLast());
  }

  /** x_u: what an honest site masks in every attempt of the round. */
  RingVector update(RoundId round) {
    return encoded.computeIfAbsent(round, key -> encode(key, plainUpdate()));
  }

  RingVector encode(RoundId round, LocalUpdate plain) {
    EncodingResult result =
        new RoundEncoder(
                consortium.planned(), name(), TestConsortium.secret("site secret " + number))
            .encode(round, consortium.initialModel(), plain);
    return switch (result) {
      case EncodingResult.Encoded(var update) -> RingVector.copyOf(update);
      case EncodingResult.Refused(EncodingResult.Reason reason) ->
          throw new IllegalStateException("update refused: " + reason);
    };
  }

  private LocalUpdate plainUpdate() {
    Random random = new Random(seed * 1_000 + number);
    float[] delta = new float[(int) consortium.manifest().layout().parameterCount()];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = (float) random.nextGaussian() * 0.3f;
    }
    return new LocalUpdate(
        FloatVector.of(delta),
        1_000 + random.nextInt(3_000),
        List.of(2 + random.nextDouble(), random.nextDouble()));
  }
}
