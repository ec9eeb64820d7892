package org.hanse.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.coordinator.AggregationStep;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.secagg.site.SiteStep;
import org.hanse.core.secagg.site.UploadMasker;

/** Both real machines in one process, from the first key to the masks that are left in the sum. */
final class InMemoryRound {

  /** What a site's shell does with its masker. */
  interface Upload {
    /** Masks the update of site {@code number}, counted from 0 by fingerprint. */
    SiteInput.UploadSummary of(int number, UploadMasker masker);
  }

  private record Delivery(Fingerprint to, ToSite message) {}

  private final SampleJob job;
  private final AggregationMachine coordinator;
  private final Set<Integer> leaving;
  private final Upload upload;
  private final List<Fingerprint> names;
  private final Map<Fingerprint, SiteState> sites = new TreeMap<>();
  private final Deque<Delivery> deliveries = new ArrayDeque<>();

  private InMemoryRound(SampleJob job, Set<Integer> leaving, Upload upload) {
    this.job = job;
    this.coordinator =
        new AggregationMachine(job.manifest(), SampleJob.PLAN_HASH, job.coordinator());
    this.leaving = leaving;
    this.upload = upload;
    this.names = job.sites().stream().map(SigningKey::fingerprint).toList();
    names.forEach(name -> sites.put(name, new SiteState.Idle()));
  }

  /**
   * Runs a round up to the point where the coordinator sums.
   *
   * @param leaving sites that deal shares and never upload
   * @throws IllegalArgumentException if too many leave
   */
  static Unmasker run(SampleJob job, Set<Integer> leaving, Upload upload) {
    int tolerated = job.sites().size() - job.manifest().aggregation().cohort().minimumSurvivors();
    if (leaving.size() > tolerated) {
      throw new IllegalArgumentException(
          job.sites().size() + " sites tolerate " + tolerated + " dropouts");
    }
    return new InMemoryRound(job, leaving, upload).run();
  }

  private Unmasker run() {
    AggregationStep step =
        coordinator.start(
            new AttemptId(new RoundId(job.manifest().job(), 1), 0),
            SampleJob.MODEL,
            job.sites().stream()
                .map(key -> new RosterEntry(key.fingerprint(), key.publicKey()))
                .toList());
    Optional<Unmasker> unmasker = Optional.empty();
    while (unmasker.isEmpty()) {
      for (AggregationEffect effect : step.effects()) {
        switch (effect) {
          case AggregationEffect.Send(Fingerprint to, ToSite message) ->
              deliveries.add(new Delivery(to, message));
          case AggregationEffect.Unmask(Unmasker made, var _) -> unmasker = Optional.of(made);
          case AggregationEffect.Persist _ -> {}
          case AggregationEffect.Drop drop when leaving.contains(names.indexOf(drop.site())) -> {}
          default -> throw new IllegalStateException("the round went wrong: " + effect);
        }
      }
      if (unmasker.isEmpty()) {
        step = coordinator.handle(step.next(), nextEvent(step.next()));
      }
    }
    return unmasker.get();
  }

  /** The next answer of a site; once nobody has anything to say, whoever is awaited is gone. */
  private AggregationEvent nextEvent(AggregationState state) {
    while (!deliveries.isEmpty()) {
      Delivery delivery = deliveries.remove();
      int number = names.indexOf(delivery.to());
      Optional<AggregationEvent> answer = deliver(number, delivery.message());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return new AggregationEvent.Gone(state.awaited().iterator().next());
  }

  private Optional<AggregationEvent> deliver(int number, ToSite message) {
    if (!(message instanceof ToSite.RoundStart start)) {
      return handle(number, new SiteInput.Received(message));
    }
    return handle(
        number,
        new SiteInput.Start(
            start,
            new SiteHistory(List.of()),
            SampleJob.MODEL,
            SampleJob.hash("update"),
            SampleJob.secret("entropy of site " + number)));
  }

  private Optional<AggregationEvent> handle(int number, SiteInput input) {
    Fingerprint name = names.get(number);
    SiteMachine machine =
        new SiteMachine(
            job.manifest(),
            SampleJob.PLAN_HASH,
            job.sites().get(number),
            new CohortFloor(2, Set.of()));
    SiteStep step = machine.handle(Objects.requireNonNull(sites.get(name)), input);
    sites.put(name, step.next());
    Optional<AggregationEvent> answer = Optional.empty();
    for (SiteEffect effect : step.effects()) {
      switch (effect) {
        case SiteEffect.Send(var message) ->
            answer = Optional.of(new AggregationEvent.Received(name, message));
        case SiteEffect.MaskAndUpload(UploadMasker masker) -> {
          if (!leaving.contains(number)) {
            answer = handle(number, new SiteInput.UploadMasked(upload.of(number, masker)));
          }
        }
        case SiteEffect.Journal _ -> {}
        default -> throw new IllegalStateException("site " + number + " went wrong: " + effect);
      }
    }
    return answer;
  }
}
