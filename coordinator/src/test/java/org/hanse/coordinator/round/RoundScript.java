package org.hanse.coordinator.round;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkStage;

/**
 * One round without threads, files or a network: the machine, a clock that the test sets, and sites
 * that speak the real protocol and answer when the test says so.
 */
final class RoundScript {
  static final Duration LEASE = Duration.ofSeconds(30);
  static final Duration GRACE = Duration.ofSeconds(5);
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Hash NEXT_MODEL = LabelledHash.sha256("next model".getBytes(UTF_8));

  final TestJob job;
  final RoundMachine machine;
  Resumption resumption = Resumption.NONE;
  final List<RoundEvent> events = new ArrayList<>();
  final List<RoundEffect> effects = new ArrayList<>();

  /** Effects of the last event and of what sites answered to it. */
  List<RoundEffect> last = List.of();

  /** Whether every step that gave a site work began with making its event durable. */
  boolean persistedFirst = true;

  Instant now = START;
  RoundState state;

  /** The alarm that is set; empty when none is. */
  Optional<Instant> alarm = Optional.empty();

  private final Map<Fingerprint, Site> sites = new TreeMap<>();
  private final Set<Fingerprint> silent = new HashSet<>();
  private final Map<Fingerprint, WorkStage> stopping = new HashMap<>();
  private final Map<Fingerprint, Instant> certificateEnds = new HashMap<>();

  private final Set<Fingerprint> convicted;

  RoundScript(TestJob job) {
    this(job, Set.of());
  }

  /** These have no part in the job any more. */
  RoundScript(TestJob job, Set<Fingerprint> convicted) {
    this.job = job;
    this.convicted = convicted;
    this.machine =
        new RoundMachine(
            new AggregationMachine(job.manifest(), job.planHash(), job.coordinator().key()));
    for (int i = 0; i < job.sites().size(); i++) {
      sites.put(site(i), new Site(job.sites().get(i).key()));
    }
    RoundStep step = machine.open(plan(), Map.of(), now);
    state = step.next();
    took(step);
  }

  RoundPlan plan() {
    return new RoundPlan(
        new RoundId(job.manifest().job(), 1),
        new RoundPlan.ModelUnderTraining(
            job.manifest(), job.planHash(), job.manifest().training().initialModelHash()),
        Optional.empty(),
        convicted,
        resumption,
        new RoundPlan.Patience(LEASE, GRACE));
  }

  Fingerprint site(int number) {
    return job.sites().get(number).key().fingerprint();
  }

  /** From now on the site answers nothing. */
  void silence(int number) {
    silent.add(site(number));
  }

  /** These go silent when they are asked to release. */
  void stopBeforeRelease(int... numbers) {
    stopBefore(WorkStage.QUORUM, numbers);
  }

  /** These go silent when they are asked for what answers {@code stage}. */
  void stopBefore(WorkStage stage, int... numbers) {
    for (int number : numbers) {
      stopping.put(site(number), stage);
    }
  }

  /** Its shares will lie on no polynomial of the degree that the manifest asks for. */
  void dealsOffPolynomial(int number) {
    siteOf(site(number)).protocol =
        new SiteMachine(
            job.withHigherThreshold(),
            job.planHash(),
            job.sites().get(number).key(),
            new CohortFloor(2, Set.of()));
  }

  /** The holder, which holds its boxes, says that the dealer's is bad. */
  void complains(int holder, int dealer) {
    ComplaintReason reason = ComplaintReason.BOX_UNREADABLE;
    Bytes signature =
        SignedContent.complaint(site(dealer), reason)
            .signedBy(
                job.sites().get(holder).key(),
                ((RoundState.InAttempt) state).attempt().aggregation().context());
    said(holder, new FromSite.Complaint(site(dealer), reason, signature));
  }

  /** A message of the attempt that runs, whatever the site's machine would say. */
  void said(int number, FromSite message) {
    AttemptId attempt = ((RoundState.InAttempt) state).attempt().id();
    event(new RoundEvent.MessageReceived(attempt, site(number), message, now));
  }

  void speakAgain(int number) {
    silent.remove(site(number));
    stopping.remove(site(number));
  }

  void certificateEnds(int number, Instant time) {
    certificateEnds.put(site(number), time);
  }

  void came(int... numbers) {
    for (int number : numbers) {
      event(new RoundEvent.SiteCame(site(number), now));
    }
  }

  void went(int... numbers) {
    for (int number : numbers) {
      event(new RoundEvent.SiteWent(site(number), now));
    }
  }

  void trained(int... numbers) {
    for (int number : numbers) {
      event(new RoundEvent.TrainingFinished(plan().round(), site(number), certified(number), now));
    }
  }

  CertifiedKey certified(int number) {
    SigningKey key = job.sites().get(number).key();
    return new CertifiedKey(
        new RosterEntry(key.fingerprint(), key.publicKey()),
        Bytes.of(key.publicKey().toByteArray()),
        certificateEnds.getOrDefault(site(number), Instant.MAX));
  }

  /** The alarm goes off when it is set to, if it is. */
  void awaitAlarm() {
    now = alarm.orElseThrow(() -> new AssertionError("no alarm is set in " + state));
    alarm = Optional.empty();
    event(new RoundEvent.TimePassed(now));
  }

  /** The shell has added the updates. */
  void sumApplied() {
    AttemptId attempt = ((RoundState.Applying) state).attempt().id();
    event(
        new RoundEvent.SumApplied(
            attempt,
            new RoundEvent.Sum(NEXT_MODEL, new RoundEvent.Tags(1, 2), NEXT_MODEL, List.of()),
            now));
  }

  /** The site says again what it is asked for now. */
  void answer(int number) {
    siteOf(site(number)).answerAgain();
  }

  void event(RoundEvent event) {
    int before = effects.size();
    RoundStep step = machine.handle(state, event);
    events.add(event);
    state = step.next();
    took(step);
    last = List.copyOf(effects.subList(before, effects.size()));
  }

  private Site siteOf(Fingerprint name) {
    return Optional.ofNullable(sites.get(name)).orElseThrow();
  }

  private void took(RoundStep step) {
    if (step.effects().stream().anyMatch(RoundEffect.Assign.class::isInstance)
        && !(step.effects().getFirst() instanceof RoundEffect.Persist)) {
      persistedFirst = false;
    }
    effects.addAll(step.effects());
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.WakeAt(Instant time)) {
        alarm = Optional.of(time);
      }
    }
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Assign assign) {
        siteOf(assign.to()).take(assign);
      }
    }
  }

  /** One site's machine and journal; it uploads nothing, but says that it has. */
  private final class Site {
    private final SigningKey key;
    private SiteMachine protocol;
    private final List<JournalEntry> journal = new ArrayList<>();
    private SiteState at = new SiteState.Idle();
    private Optional<RoundEffect.Assign> open = Optional.empty();

    Site(SigningKey key) {
      this.key = key;
      this.protocol =
          new SiteMachine(job.manifest(), job.planHash(), key, new CohortFloor(2, Set.of()));
    }

    void take(RoundEffect.Assign assign) {
      open = Optional.of(assign);
      if (assign.position().stage() == stopping.get(key.fingerprint())) {
        silent.add(key.fingerprint());
      }
      answerAgain();
    }

    void answerAgain() {
      if (open.isEmpty() || silent.contains(key.fingerprint())) {
        return;
      }
      AttemptId attempt = open.get().position().attempt();
      switch (open.get().content()) {
        case WorkContent.Start start ->
            input(
                attempt,
                new SiteInput.Start(
                    start.verified(
                        attempt,
                        start.certificates().stream()
                            .map(bytes -> new RosterEntry(Fingerprints.of(bytes), bytes))
                            .toList()),
                    SiteHistory.of(job.manifest().job(), journal),
                    start.modelHash(),
                    start.modelHash(),
                    SecretBytes.copyOf(
                        LabelledHash.sha256((key.fingerprint() + "/" + attempt).getBytes(UTF_8))
                            .bytes()
                            .toByteArray())));
        case WorkContent.Step(var message) -> input(attempt, new SiteInput.Received(message));
        case WorkContent.Train train -> {}
        case WorkContent.JobPaused paused -> {}
        case WorkContent.AttemptClosed closed -> {}
        case WorkContent.JobEnded ended -> {}
      }
    }

    private void input(AttemptId attempt, SiteInput input) {
      var step = protocol.handle(at, input);
      at = step.next();
      for (SiteEffect effect : step.effects()) {
        switch (effect) {
          case SiteEffect.Journal(JournalEntry entry) -> journal.add(entry);
          case SiteEffect.Send(FromSite message) ->
              event(new RoundEvent.MessageReceived(attempt, key.fingerprint(), message, now));
          case SiteEffect.MaskAndUpload upload ->
              input(
                  attempt,
                  new SiteInput.UploadMasked(new SiteInput.UploadSummary(NEXT_MODEL, 1, 3, 4)));
          case SiteEffect.CheckResult check ->
              input(
                  attempt, new SiteInput.ResultChecked(new SiteInput.ResultCheck.Good(NEXT_MODEL)));
          case SiteEffect.Refuse refuse -> {}
        }
      }
    }
  }
}
