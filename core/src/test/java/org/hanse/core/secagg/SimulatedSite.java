package org.hanse.core.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.RoundingKey;
import org.hanse.core.encode.UpdateEncoder;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.secagg.site.SiteStep;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;

/** One site: the machine, what a shell keeps for it, and an update made from a seed. */
public final class SimulatedSite {
  public final SigningKey identity;
  public final SiteMachine machine;
  public final List<JournalEntry> journal = new ArrayList<>();
  public final List<SiteEffect> effects = new ArrayList<>();
  public final List<SecretBytes> entropies = new ArrayList<>();
  public final IntVector update;
  public final LocalUpdate plainUpdate;

  /** A machine restored from a snapshot: the same random bytes in every attempt. */
  public boolean repeatEntropy;

  public SiteState state = new SiteState.Idle();
  private final TestConsortium consortium;
  private final int number;
  private final long seed;

  public SimulatedSite(TestConsortium consortium, int number, long seed) {
    this(consortium, number, seed, new CohortFloor(2, Set.of()));
  }

  public SimulatedSite(TestConsortium consortium, int number, long seed, CohortFloor floor) {
    this.consortium = consortium;
    this.number = number;
    this.seed = seed;
    this.identity = consortium.sites().get(number);
    this.machine =
        new SiteMachine(consortium.manifest(), TestConsortium.PLAN_HASH, identity, floor);
    this.plainUpdate = randomUpdate(consortium, number, seed);
    this.update = encode(plainUpdate);
  }

  public Fingerprint name() {
    return identity.fingerprint();
  }

  /** A restarted process: the journal is all that is left. */
  public void restart() {
    state = new SiteState.Idle();
  }

  public SiteHistory history() {
    return SiteHistory.of(TestConsortium.JOB, journal);
  }

  /** An M0 as the shell passes it on. */
  public SiteInput.Start start(ToSite.RoundStart message) {
    SecretBytes entropy =
        TestConsortium.entropy(seed, number, repeatEntropy ? attempt0() : message.attempt());
    entropies.add(entropy);
    return new SiteInput.Start(
        message, history(), TestConsortium.MODEL, TestConsortium.hash("update"), entropy);
  }

  /** Handles one input, journals what must be, and returns the effects. */
  public List<SiteEffect> handle(SiteInput input) {
    SiteStep step = machine.handle(state, input);
    state = step.next();
    effects.addAll(step.effects());
    for (SiteEffect effect : step.effects()) {
      if (effect instanceof SiteEffect.Journal(JournalEntry entry)) {
        journal.add(entry);
      }
    }
    return step.effects();
  }

  public List<SiteEffect> receive(ToSite message) {
    return handle(
        message instanceof ToSite.RoundStart start
            ? start(start)
            : new SiteInput.Received(message));
  }

  public Optional<SiteRefusal> refusal() {
    return effects.stream()
        .filter(SiteEffect.Refuse.class::isInstance)
        .map(effect -> ((SiteEffect.Refuse) effect).reason())
        .reduce((first, second) -> second);
  }

  /** Chunks as they were uploaded. */
  public static List<byte[]> chunks(UploadMasker masker, IntChunks encoded) {
    List<byte[]> chunks = new ArrayList<>();
    masker.maskAll(encoded, (chunk, bytes) -> chunks.add(bytes));
    return chunks;
  }

  private IntVector encode(LocalUpdate plain) {
    Hash context =
        Contexts.round(
            consortium.manifest().aggregation().suite(),
            attempt0().round(),
            TestConsortium.MODEL,
            TestConsortium.PLAN_HASH);
    EncodingResult result =
        UpdateEncoder.encode(
            UpdateEncoding.of(consortium.manifest()),
            plain,
            RoundingKey.derive(TestConsortium.secret("site " + number), context, name()));
    return switch (result) {
      case EncodingResult.Encoded(var encoded) -> IntVector.copyOf(encoded);
      case EncodingResult.Refused(EncodingResult.Reason reason) ->
          throw new IllegalStateException("update refused: " + reason);
    };
  }

  private static AttemptId attempt0() {
    return TestConsortium.attempt(7, 0);
  }

  private static LocalUpdate randomUpdate(TestConsortium consortium, int number, long seed) {
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
