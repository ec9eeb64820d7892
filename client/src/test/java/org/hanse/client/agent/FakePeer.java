package org.hanse.client.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hanse.client.update.RoundEncoder;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteInput.ResultCheck;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.secagg.site.SiteStep;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;

/** Another site of the test job: the real protocol machine behind a shell in memory. */
final class FakePeer {
  private final TestJob job;
  private final int number;
  private final SigningKey key;
  private final SiteMachine machine;
  private final List<JournalEntry> journal = new ArrayList<>();
  private SiteState state = new SiteState.Idle();

  /** Signs another tag than that of its update. */
  boolean falseTag;

  FakePeer(TestJob job, int number) {
    this.job = job;
    this.number = number;
    this.key = job.key(number);
    this.machine =
        new SiteMachine(job.manifest(), job.planHash(), key, new CohortFloor(2, Set.of()));
  }

  Fingerprint name() {
    return key.fingerprint();
  }

  private SiteInput.UploadSummary tagged(SiteInput.UploadSummary honest) {
    return falseTag
        ? new SiteInput.UploadSummary(
            honest.root(), honest.chunkCount(), Mersenne61.add(honest.tag0(), 1), honest.tag1())
        : honest;
  }

  /** What a site that works with the coordinator tells it, once it has released. */
  TagKey tagKey() {
    return ((SiteState.Released) state).tagKey();
  }

  /** What the coordinator of this test lends a peer. */
  interface Surroundings {
    void send(Fingerprint from, FromSite message);

    void chunk(Fingerprint from, byte[] littleEndian);

    FloatVector model(Hash hash);

    IntChunks sum();
  }

  /** The update that this peer has in every round, the same in each attempt. */
  static LocalUpdate update(int number, RoundId round, int parameters) {
    FloatVector delta = FloatVector.allocate(parameters);
    for (int i = 0; i < parameters; i++) {
      delta.set(i, (float) Math.sin(number * 31.0 + round.round() * 7.0 + i) / 8);
    }
    return new LocalUpdate(delta, 40 + 10L * number, List.of(0.5 + number, 0.25));
  }

  void receive(ToSite message, Surroundings around) {
    SiteInput input =
        message instanceof ToSite.RoundStart start
            ? new SiteInput.Start(
                start,
                new SiteHistory(journal),
                start.modelHash(),
                updateHash(start.attempt().round()),
                TestJob.secret("entropy " + number + start.attempt()))
            : new SiteInput.Received(message);
    handle(input, around);
  }

  private Hash updateHash(RoundId round) {
    return Hash.of(TestJob.secret("update " + number + round).toByteArray());
  }

  private void handle(SiteInput input, Surroundings around) {
    SiteStep step = machine.handle(state, input);
    state = step.next();
    for (SiteEffect effect : step.effects()) {
      switch (effect) {
        case SiteEffect.Journal(JournalEntry entry) -> journal.add(entry);
        case SiteEffect.Send(FromSite message) -> around.send(name(), message);
        case SiteEffect.MaskAndUpload(var masker) ->
            handle(
                new SiteInput.UploadMasked(
                    tagged(
                        masker.maskAll(encoded(), (chunk, bytes) -> around.chunk(name(), bytes)))),
                around);
        case SiteEffect.CheckResult(var verifier, Hash root) ->
            handle(
                new SiteInput.ResultChecked(
                    verifier
                        .verify(around.sum())
                        .<ResultCheck>map(ResultCheck.Bad::new)
                        .orElseGet(() -> new ResultCheck.Good(nextModel(around)))),
                around);
        case SiteEffect.Refuse refuse -> {}
      }
    }
  }

  private Hash nextModel(Surroundings around) {
    JournalEntry.Joined joined = lastJoined();
    FloatVector model = around.model(joined.modelHash());
    return ModelHash.of(
        TestJob.nextModel(job.planned(), joined.attempt().round(), model, around.sum()).segment());
  }

  private EncodedUpdate encoded() {
    JournalEntry.Joined joined = lastJoined();
    RoundId round = joined.attempt().round();
    EncodingResult result =
        new RoundEncoder(job.planned(), name(), TestJob.siteSecret(number))
            .encode(
                round,
                joined.modelHash(),
                update(number, round, (int) job.manifest().layout().parameterCount()));
    return ((EncodingResult.Encoded) result).update();
  }

  private JournalEntry.Joined lastJoined() {
    return (JournalEntry.Joined)
        journal.reversed().stream()
            .filter(JournalEntry.Joined.class::isInstance)
            .findFirst()
            .orElseThrow();
  }
}
