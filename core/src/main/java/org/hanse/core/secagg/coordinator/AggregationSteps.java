package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;

/** When a coordinator's step ends, and what the next one begins with. */
final class AggregationSteps {
  private final JobTerms terms;
  private final SigningKey signingKey;

  AggregationSteps(JobTerms terms, SigningKey signingKey) {
    this.terms = terms;
    this.signingKey = signingKey;
  }

  /** The same state with other progress. */
  static AggregationState with(AggregationState state, Progress progress) {
    return switch (state) {
      case AggregationState.Advertising s -> new AggregationState.Advertising(progress);
      case AggregationState.Sharing s -> new AggregationState.Sharing(progress, s.keys());
      case AggregationState.Uploading s ->
          new AggregationState.Uploading(progress, s.dealers(), s.deliveries());
      case AggregationState.Confirming s ->
          new AggregationState.Confirming(progress, s.survivors());
      case AggregationState.Releasing s -> new AggregationState.Releasing(progress, s.agreement());
      case AggregationState.Unmasking s ->
          new AggregationState.Unmasking(progress, s.agreement(), s.revelation(), s.unmasker());
      case AggregationState.Verifying s -> new AggregationState.Verifying(progress, s.outcome());
      case AggregationState.Closed s -> new AggregationState.Closed(progress, s.outcome());
      case AggregationState.Aborted s -> new AggregationState.Aborted(progress, s.reason());
    };
  }

  /** Goes on if nobody is awaited any more, gives up if too few can be reached, or else waits. */
  AggregationStep advance(AggregationState state, List<AggregationEffect> before) {
    AggregationStep step =
        switch (state) {
          case AggregationState.Advertising s -> closeKeys(s);
          case AggregationState.Sharing s -> closeShares(s);
          case AggregationState.Uploading s -> closeUploads(s);
          case AggregationState.Confirming s -> closeConfirmations(s);
          case AggregationState.Releasing s -> closeReleases(s);
          case AggregationState.Unmasking s -> waiting(s);
          case AggregationState.Verifying s -> closeVerdicts(s);
          case AggregationState.Closed s -> waiting(s);
          case AggregationState.Aborted s -> waiting(s);
        };
    List<AggregationEffect> effects = new ArrayList<>(before);
    effects.addAll(step.effects());
    return new AggregationStep(step.next(), effects);
  }

  /** U1: who advertised and is still there. */
  private AggregationStep closeKeys(AggregationState.Advertising state) {
    Progress progress = state.progress();
    if (progress.present().size() < terms.minimumSites()) {
      return tooFew(state, progress.present().size());
    }
    if (!state.awaited().isEmpty()) {
      return waiting(state);
    }
    List<FromSite.Advertisement> ads =
        ascending(progress, FromSite.Advertisement.class, progress.present());
    return announce(new AggregationState.Sharing(progress, KeySet.of(ads)));
  }

  /** U2: who dealt shares and is still there. */
  private AggregationStep closeShares(AggregationState.Sharing state) {
    Progress progress = state.progress();
    if (progress.present().size() < terms.minimumSites()) {
      return tooFew(state, progress.present().size());
    }
    if (!state.awaited().isEmpty()) {
      return waiting(state);
    }
    SortedMap<Fingerprint, FromSite.Shares> shares = progress.answers().all(FromSite.Shares.class);
    shares.keySet().retainAll(progress.present());
    List<ToSite.SharerCommitment> dealers = new ArrayList<>();
    shares.forEach((site, message) ->
        dealers.add(new ToSite.SharerCommitment(site, message.entryRoot(), message.signature())));
    return announce(
        new AggregationState.Uploading(
            progress,
            DealerSet.of(state.keys(), dealers),
            deliveries(progress.context().hash(), state.keys(), dealers, shares)));
  }

  private static Map<Fingerprint, ToSite.SharesFor> deliveries(
      Hash context,
      KeySet keys,
      List<ToSite.SharerCommitment> dealers,
      SortedMap<Fingerprint, FromSite.Shares> shares) {
    Map<Fingerprint, List<ToSite.Delivery>> boxes = new HashMap<>();
    shares.forEach((dealer, message) -> {
      List<List<Hash>> paths =
          MerkleTree.proofs(Commitments.entryLeaves(context, dealer, message.entries()));
      for (FromSite.ShareEntry entry : message.entries()) {
        if (shares.containsKey(entry.to())) {
          int index = keys.boxIndex(dealer, entry.to());
          boxes
              .computeIfAbsent(entry.to(), holder -> new ArrayList<>())
              .add(new ToSite.Delivery(dealer, index, entry, paths.get(index)));
        }
      }
    });
    Map<Fingerprint, ToSite.SharesFor> deliveries = new HashMap<>();
    boxes.forEach(
        (holder, received) -> deliveries.put(holder, new ToSite.SharesFor(dealers, received)));
    return Map.copyOf(deliveries);
  }

  /** U3: whose upload is complete, still there or not. */
  private AggregationStep closeUploads(AggregationState.Uploading state) {
    Progress progress = state.progress();
    Map<Fingerprint, FromSite.UploadCommit> commits =
        progress.answers().all(FromSite.UploadCommit.class);
    if (commits.size() + state.awaited().size() < terms.minimumSites()) {
      return tooFew(state, commits.size());
    }
    if (!state.awaited().isEmpty()) {
      return waiting(state);
    }
    List<ToSite.Survivor> survivors = new ArrayList<>();
    commits.forEach((site, m) ->
        survivors.add(new ToSite.Survivor(site, m.root(), m.tag0(), m.tag1(), m.signature())));
    AggregationState.Confirming next =
        new AggregationState.Confirming(progress, SurvivorSet.of(state.dealers(), survivors));
    // Those who left after their upload may be too many to ever agree.
    return canAgree(next) ? announce(next) : notConfirmed(next);
  }

  /** M8: the signatures on the statement that most of those still there signed, at least t. */
  private AggregationStep closeConfirmations(AggregationState.Confirming state) {
    if (!canAgree(state)) {
      return notConfirmed(state);
    }
    if (!state.awaited().isEmpty()) {
      return waiting(state);
    }
    SortedMap<Fingerprint, FromSite.Confirmation> confirmations = confirmations(state);
    Hash statement = mostSigned(confirmations).orElseThrow();
    List<ToSite.Endorsement> endorsements = new ArrayList<>();
    List<AggregationEffect> effects = new ArrayList<>();
    Set<Fingerprint> agreeing = new TreeSet<>();
    confirmations.forEach((site, message) -> {
      if (message.statement().equals(statement)) {
        agreeing.add(site);
        endorsements.add(new ToSite.Endorsement(site, statement, message.signature()));
      } else {
        effects.add(
            new AggregationEffect.Drop(site, DropReason.WRONG_SET, "signed another statement"));
      }
    });
    Progress progress = state.progress();
    AggregationState.Agreement agreement =
        new AggregationState.Agreement(
            state.survivors(), statement, new ToSite.Quorum(endorsements));
    AggregationStep step =
        announce(
            new AggregationState.Releasing(
                new Progress(progress.context(), agreeing, progress.answers()), agreement));
    effects.addAll(step.effects());
    return new AggregationStep(step.next(), effects);
  }

  private boolean canAgree(AggregationState.Confirming state) {
    SortedMap<Fingerprint, FromSite.Confirmation> confirmations = confirmations(state);
    long signed =
        mostSigned(confirmations).map(statement -> signatures(confirmations, statement)).orElse(0L);
    return signed + state.awaited().size() >= terms.cohort().threshold();
  }

  /**
   * M7 of the sites still there. Who left after signing releases nothing, so its signature must not
   * let the others spend the round on a sum that t releases can never open.
   */
  private static SortedMap<Fingerprint, FromSite.Confirmation> confirmations(
      AggregationState.Confirming state) {
    SortedMap<Fingerprint, FromSite.Confirmation> confirmations =
        state.progress().answers().all(FromSite.Confirmation.class);
    confirmations.keySet().retainAll(state.present());
    return confirmations;
  }

  /** No two statements can both have t of N signatures, so the order of a tie does not matter. */
  private static Optional<Hash> mostSigned(
      SortedMap<Fingerprint, FromSite.Confirmation> confirmations) {
    Map<Hash, Integer> counts = new HashMap<>();
    confirmations.values().forEach(message -> counts.merge(message.statement(), 1, Integer::sum));
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  private static long signatures(
      SortedMap<Fingerprint, FromSite.Confirmation> confirmations, Hash statement) {
    return confirmations.values().stream()
        .filter(confirmation -> confirmation.statement().equals(statement))
        .count();
  }

  private AggregationStep closeReleases(AggregationState.Releasing state) {
    Progress progress = state.progress();
    SortedMap<Fingerprint, FromSite.Release> releases =
        progress.answers().all(FromSite.Release.class);
    if (releases.size() + state.awaited().size() < terms.cohort().threshold()) {
      return abort(
          state,
          AbortReason.RECONSTRUCTION_FAILED,
          releases.size() + " releases of " + terms.cohort().threshold());
    }
    if (!state.awaited().isEmpty()) {
      return waiting(state);
    }
    SurvivorSet survivors = state.agreement().survivors();
    Revelation revelation = Reconstruction.of(progress, survivors, releases);
    Optional<Unmasker> unmasker = revelation.unmasker(progress.context(), survivors);
    if (unmasker.isEmpty()) {
      List<Fingerprint> dealers = revelation.mismatches(progress.context(), survivors);
      revelation.erase();
      return abort(
          state,
          AbortReason.RECONSTRUCTION_FAILED,
          "shares of another secret than was committed to, dealt by " + dealers,
          dealers.stream().<AggregationEffect>map(AggregationEffect.Convict::new).toList());
    }
    return new AggregationStep(
        new AggregationState.Unmasking(progress, state.agreement(), revelation, unmasker.get()),
        List.of(new AggregationEffect.Unmask(unmasker.get(), revelation)));
  }

  /** M10. */
  AggregationStep publish(AggregationState.Unmasking state, AggregationEvent.Unmasked sum) {
    erase(state);
    Hash statement = state.agreement().statement();
    Bytes signature =
        SignedContent.result(statement, sum.resultRoot(), sum.tag0(), sum.tag1())
            .signedBy(signingKey, state.context());
    ToSite.Result result =
        new ToSite.Result(
            statement, sum.resultRoot(), sum.tag0(), sum.tag1(), signingKey.publicKey(), signature);
    AggregationState.Verifying next =
        new AggregationState.Verifying(
            state.progress(),
            new AggregationState.Outcome(state.agreement(), result, sum.nextModelHash()));
    AggregationStep announced = announce(next);
    // Everybody may have left meanwhile.
    return next.awaited().isEmpty() ? advance(next, announced.effects()) : announced;
  }

  /** Closes on t equal ok verdicts, or on c+1 when no more are to come; c+1 others end it. */
  private AggregationStep closeVerdicts(AggregationState.Verifying state) {
    AggregationState.Outcome outcome = state.outcome();
    SortedMap<Fingerprint, FromSite.Verdict> verdicts =
        state.progress().answers().all(FromSite.Verdict.class);
    SortedMap<Fingerprint, FromSite.Verdict> agreeing = new TreeMap<>(verdicts);
    agreeing.values().removeIf(verdict -> !confirms(verdict, outcome));
    int refusing = verdicts.size() - agreeing.size();
    int oneHonest = terms.cohort().colludingSites() + 1;
    boolean last = state.awaited().isEmpty();
    if (agreeing.size() >= terms.cohort().threshold()
        || (last && refusing < oneHonest && agreeing.size() >= oneHonest)) {
      return new AggregationStep(
          new AggregationState.Closed(state.progress(), outcome),
          List.of(
              new AggregationEffect.Persist(),
              new AggregationEffect.Close(proof(state, agreeing))));
    }
    if (refusing >= oneHonest) {
      return abort(state, AbortReason.RESULT_REFUSED, refusing + " sites refused the result");
    }
    return last
        ? abort(state, AbortReason.VERDICTS_MISSING, "only " + agreeing.size() + " verdicts")
        : waiting(state);
  }

  private static boolean confirms(FromSite.Verdict verdict, AggregationState.Outcome outcome) {
    return verdict.ok() && verdict.nextModelHash().equals(outcome.nextModelHash());
  }

  private static AdoptionProof proof(
      AggregationState.Verifying state, SortedMap<Fingerprint, FromSite.Verdict> agreeing) {
    AttemptContext context = state.progress().context();
    List<AdoptionProof.SignedVerdict> signed = new ArrayList<>();
    agreeing.forEach((site, verdict) ->
        signed.add(
            new AdoptionProof.SignedVerdict(
                site, context.entry(site).signingKey(), verdict.signature())));
    return new AdoptionProof(
        context.id(),
        context.start().modelHash(),
        context.roster().stream().map(RosterEntry::site).toList(),
        state.outcome().result().resultRoot(),
        state.outcome().nextModelHash(),
        signed);
  }

  /** A step's beginning: the choice is durable before any site hears of it. */
  static AggregationStep announce(AggregationState state) {
    List<AggregationEffect> effects = new ArrayList<>();
    effects.add(new AggregationEffect.Persist());
    for (Fingerprint site : new TreeSet<>(state.present())) {
      ToSite message = state.currentFor(site).orElseThrow();
      effects.add(new AggregationEffect.Send(site, message));
    }
    return new AggregationStep(state, effects);
  }

  static AggregationStep abort(AggregationState state, AbortReason reason, String detail) {
    return abort(state, reason, detail, List.of());
  }

  /** {@code findings}: what is to be known of sites beyond this attempt. */
  private static AggregationStep abort(
      AggregationState state, AbortReason reason, String detail, List<AggregationEffect> findings) {
    if (state instanceof AggregationState.Unmasking unmasking) {
      erase(unmasking);
    }
    List<AggregationEffect> effects = new ArrayList<>();
    effects.add(new AggregationEffect.Persist());
    effects.addAll(findings);
    effects.add(new AggregationEffect.Abort(reason, detail));
    return new AggregationStep(new AggregationState.Aborted(state.progress(), reason), effects);
  }

  /** The word of a holder against a dealer's ends the attempt. */
  static AggregationStep dispute(
      AggregationState state, Fingerprint holder, FromSite.Complaint complaint) {
    return abort(
        state,
        AbortReason.SHARE_REFUSED,
        holder + " against " + complaint.dealer() + ": " + complaint.reason(),
        List.of(new AggregationEffect.Dispute(holder, complaint.dealer(), complaint.reason())));
  }

  private static void erase(AggregationState.Unmasking state) {
    state.unmasker().erase();
    state.revelation().erase();
  }

  private AggregationStep tooFew(AggregationState state, int left) {
    return abort(
        state,
        AbortReason.TOO_FEW_SURVIVORS,
        left + " sites at " + state.stage() + ", at least " + terms.minimumSites());
  }

  private AggregationStep notConfirmed(AggregationState.Confirming state) {
    return abort(
        state, AbortReason.STATEMENT_NOT_CONFIRMED, "no statement can reach the threshold");
  }

  private static AggregationStep waiting(AggregationState state) {
    return new AggregationStep(state, List.of());
  }

  private static <T extends FromSite> List<T> ascending(
      Progress progress, Class<T> kind, Set<Fingerprint> sites) {
    SortedMap<Fingerprint, T> all = progress.answers().all(kind);
    all.keySet().retainAll(sites);
    return List.copyOf(all.values());
  }
}
