package org.hanse.simulation.invariant;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.update.NextModel;
import org.hanse.client.update.RoundEncoder;
import org.hanse.client.update.SiteUpdate;
import org.hanse.client.update.TrainingSeed;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.consortium.PlainTraining;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobEventValue;

/**
 * Every published model is, bit for bit, what the plain updates of the counted sites make of the
 * model before: nothing was counted twice, left out or taken from another round, and no fault left
 * a mark. Every site that closes a round computes the same.
 */
final class PublishedModels implements Facts {
  private static final String RULE = "the model is that of an undisturbed run";

  private final World world;
  private final Charter charter;
  private final Survivors survivors;
  private final Map<Hash, FloatVector> models = new HashMap<>();
  private final Map<RoundId, Hash> published = new HashMap<>();
  private final Map<RoundId, Map<SiteId, Hash>> closed = new HashMap<>();
  private Hash newest;

  PublishedModels(World world, Charter charter, Survivors survivors) {
    this.world = world;
    this.charter = charter;
    this.survivors = survivors;
    this.newest = charter.manifest().training().initialModelHash();
    models.put(newest, charter.initialModel());
  }

  @Override
  public void stored(List<JobChange> changes) {
    for (JobChange change : changes) {
      if (change instanceof JobChange.Reported reported
          && reported.entry().event() instanceof JobEventValue.RoundPublished event) {
        check(event);
      }
    }
  }

  @Override
  public void roundClosed(SiteId site, RoundId round, Hash model) {
    closed.computeIfAbsent(round, r -> new HashMap<>()).put(site, model);
  }

  private void check(JobEventValue.RoundPublished event) {
    RoundId round = event.attempt().round();
    List<Fingerprint> counted = survivors.of(event.attempt()).orElse(List.of());
    if (counted.size() != event.countedSites()) {
      fail("%s counts %d sites, told were %s".formatted(round, event.countedSites(), counted));
      return;
    }
    FloatVector next = next(round, counted);
    Hash expected = ModelHash.of(next.segment());
    if (!expected.equals(event.modelHash())) {
      fail("%s gives %s instead of %s".formatted(round, event.modelHash(), expected));
    }
    if (published.putIfAbsent(round, expected) != null) {
      fail(round + " is published twice");
    }
    models.put(expected, next);
    newest = expected;
  }

  /** What sites have computed by themselves must be the model, where the round brought one. */
  void atTheEnd() {
    closed.forEach((round, bySite) ->
        bySite.forEach((site, model) -> {
          Hash expected = published.get(round);
          if (expected != null && !expected.equals(model)) {
            fail("%s has %s of %s, which is %s".formatted(site, model, round, expected));
          }
        }));
  }

  private void fail(String what) {
    world.fail(RULE, what, null);
  }

  /** By plain addition. */
  private FloatVector next(RoundId round, List<Fingerprint> counted) {
    FloatVector base = Objects.requireNonNull(models.get(newest));
    Chunking chunking = UpdateEncoding.of(charter.manifest()).chunking();
    List<IntChunks> updates = new ArrayList<>();
    for (Fingerprint member : counted) {
      updates.add(encoded(round, charter.site(member), base));
    }
    int ringBits = charter.manifest().aggregation().suite().ring().bits();
    IntChunks sum = new PlainSum(chunking, updates, ringBits);
    List<FloatVector> pieces = new ArrayList<>();
    NextModel.compute(
        charter.manifest(),
        charter.planned().encodingContext(round, newest),
        base,
        sum,
        pieces::add);
    FloatVector next = FloatVector.allocate(base.size());
    long at = 0;
    for (FloatVector piece : pieces) {
      MemorySegment.copy(
          piece.segment(), 0, next.segment(), at * Float.BYTES, piece.size() * Float.BYTES);
      at += piece.size();
    }
    return next;
  }

  private IntChunks encoded(RoundId round, SiteId site, FloatVector base) {
    long seed = TrainingSeed.of(charter.manifest().training().local().seed(), site, round);
    PlainTraining trained = PlainTraining.of(base, seed);
    LocalUpdate update =
        SiteUpdate.of(
                charter.manifest(),
                base,
                trained.parameters(),
                trained.examples(),
                trained.metrics())
            .orElseThrow();
    SiteKeys keys = charter.keys(site, Bytes.of((byte) 0));
    RoundEncoder encoder =
        new RoundEncoder(charter.planned(), keys.signingKey().fingerprint(), keys.siteSecret());
    return switch (encoder.encode(round, newest, update)) {
      case EncodingResult.Encoded encoded -> encoded.update();
      case EncodingResult.Refused refused ->
          throw new IllegalStateException("cannot be encoded: " + refused);
    };
  }

  /** Added element by element, in the ring. */
  private record PlainSum(Chunking chunking, List<IntChunks> updates, int ringBits)
      implements IntChunks {
    @Override
    public int[] read(long chunk) {
      int[] sum = new int[chunking.elementsIn(chunk)];
      for (IntChunks update : updates) {
        int[] elements = update.read(chunk);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += elements[i];
        }
      }
      int spare = Integer.SIZE - ringBits;
      for (int i = 0; i < sum.length; i++) {
        sum[i] = sum[i] << spare >> spare;
      }
      return sum;
    }
  }
}
