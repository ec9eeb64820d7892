package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.MaskSet;

/**
 * The site's side of FLSA1: input in, next state and effects out. Stateless.
 *
 * <p>Idle -> Advertised -> Shared -> Masking -> Uploaded -> Confirmed -> Released -> Checking ->
 * Done; Confirmed -> Checking if the others' releases sufficed; any -> Aborted. A repeat of a
 * handled message gets the reply it got before. Any other message that a state does not expect, and
 * any failed check, erases the attempt's secrets and ends it for this site.
 */
public final class SiteMachine {
  private final JobTerms terms;
  private final SigningKey identity;
  private final SiteRules rules;

  /**
   * A machine for one job at one site.
   *
   * @param planHash {@link Contexts#planHash} over the manifest's exact bytes as this site approved
   *     them
   * @param identity this site's signing key
   * @param floor this site's own policy, whatever the manifest allows
   */
  public SiteMachine(JobManifest manifest, Hash planHash, SigningKey identity, CohortFloor floor) {
    this.terms = new JobTerms(manifest, planHash);
    this.identity = identity;
    this.rules = new SiteRules(terms, identity.fingerprint(), floor);
  }

  /** One input. Whatever the coordinator sent, this returns. */
  public SiteStep handle(SiteState state, SiteInput input) {
    return switch (input) {
      case SiteInput.Start start -> start(state, start);
      case SiteInput.Received(ToSite message) -> received(state, message);
      case SiteInput.UploadMasked(SiteInput.UploadSummary summary) -> masked(state, summary);
      case SiteInput.ResultChecked(SiteInput.ResultCheck check) -> checked(state, check);
      case SiteInput.Stop(SiteRefusal reason) -> SiteEndings.stop(state, reason);
    };
  }

  private SiteStep start(SiteState state, SiteInput.Start input) {
    AttemptId attempt = input.message().attempt();
    if (state.attempt().equals(Optional.of(attempt))) {
      input.entropy().erase();
      return received(state, input.message());
    }
    // The coordinator gave up the attempt under way: its secrets go before anything else.
    SiteEndings.erase(state);
    Optional<Refusal> refusal = rules.start(input);
    if (refusal.isPresent()) {
      input.entropy().erase();
      return SiteEndings.withdraw(attempt, refusal.get());
    }
    AttemptContext context = AttemptContext.of(terms, input.message());
    AttemptSecrets secrets =
        new AttemptSecrets(terms.suite(), input.entropy(), context.hash(), identity.fingerprint());
    FromSite.Advertisement own = secrets.advertise(identity);
    JournalEntry joined =
        new JournalEntry.Joined(
            attempt, context.hash(), input.message().modelHash(), input.updateHash());
    return new SiteStep(
        new SiteState.Advertised(SiteAttempt.opened(context, own), own, secrets),
        List.of(new SiteEffect.Journal(joined), new SiteEffect.Send(own)));
  }

  private SiteStep received(SiteState state, ToSite message) {
    return switch (state) {
      case SiteState.Idle() ->
          new SiteStep(
              state,
              List.of(
                  new SiteEffect.Refuse(
                      SiteRefusal.UNEXPECTED_MESSAGE, "a message outside any attempt")));
      case SiteState.Aborted aborted -> new SiteStep(state, List.of());
      case SiteState.Done(SiteAttempt closed) ->
          new SiteStep(
              state,
              closed.replyTo(message).stream().<SiteEffect>map(SiteEffect.Send::new).toList());
      case SiteState.Running running -> {
        Optional<FromSite> before = running.running().replyTo(message);
        yield before.isPresent()
            ? new SiteStep(state, List.of(new SiteEffect.Send(before.get())))
            : firstReceived(running, message);
      }
    };
  }

  private SiteStep firstReceived(SiteState.Running state, ToSite message) {
    return switch (state) {
      case SiteState.Advertised advertised when message instanceof ToSite.Roster roster ->
          share(advertised, roster);
      case SiteState.Shared shared when message instanceof ToSite.SharesFor shares ->
          openBoxes(shared, shares);
      case SiteState.Masking masking when message.equals(masking.received()) ->
          new SiteStep(state, List.of());
      case SiteState.Uploaded uploaded when message instanceof ToSite.Survivors survivors ->
          confirm(uploaded, survivors);
      case SiteState.Confirmed confirmed when message instanceof ToSite.Quorum quorum ->
          release(confirmed, quorum);
      case SiteState.Confirmed confirmed when message instanceof ToSite.Result result -> {
        confirmed.held().eraseShares();
        yield check(
            new SiteState.Released(
                confirmed.running(),
                confirmed.survivors(),
                confirmed.statement(),
                confirmed.held().tagKey()),
            result);
      }
      case SiteState.Released released when message instanceof ToSite.Result result ->
          check(released, result);
      case SiteState.Checking checking when message.equals(checking.received()) ->
          new SiteStep(state, List.of());
      case SiteState.Running running ->
          SiteEndings.unexpected(running, message.getClass().getSimpleName());
    };
  }

  /** M2 to M3. */
  private SiteStep share(SiteState.Advertised state, ToSite.Roster message) {
    AttemptContext context = state.running().context();
    Optional<Refusal> refusal = rules.keys(context, state.own(), message.advertisements());
    if (refusal.isPresent()) {
      return SiteEndings.abort(state, refusal.get());
    }
    KeySet keys = KeySet.of(message.advertisements());
    FromSite.Shares own = ShareDealer.deal(context, identity, keys, state.secrets());
    state.secrets().eraseEntropy();
    return new SiteStep(
        new SiteState.Shared(state.running().answered(message, own), keys, own, state.secrets()),
        List.of(new SiteEffect.Send(own)));
  }

  /** M4 to the masked upload. */
  private SiteStep openBoxes(SiteState.Shared state, ToSite.SharesFor message) {
    AttemptContext context = state.running().context();
    DealerSet dealers = DealerSet.of(state.keys(), message.sharers());
    Optional<Refusal> refusal = rules.dealers(context, dealers, state.own(), message.deliveries());
    if (refusal.isPresent()) {
      return SiteEndings.abort(state, refusal.get());
    }
    Verified<HeldSecrets> opened =
        HeldSecrets.open(context, dealers, message.deliveries(), state.secrets());
    return switch (opened) {
      case Verified.Bad<HeldSecrets>(BadBox bad) -> SiteEndings.complain(state, bad, identity);
      case Verified.Good<HeldSecrets>(HeldSecrets held) -> mask(state, message, dealers, held);
    };
  }

  /** The boxes are open: agrees on the masks, after which no key of the attempt is needed. */
  private SiteStep mask(
      SiteState.Shared state, ToSite.SharesFor message, DealerSet dealers, HeldSecrets held) {
    AttemptContext context = state.running().context();
    Verified<MaskSet> agreed =
        PairMasks.agree(context, dealers, message.deliveries(), state.secrets());
    return switch (agreed) {
      case Verified.Bad<MaskSet>(BadBox bad) -> {
        held.erase();
        yield SiteEndings.complain(state, bad, identity);
      }
      case Verified.Good<MaskSet>(MaskSet masks) -> {
        state.secrets().eraseKeys();
        UploadMasker masker =
            new UploadMasker(
                context.hash(), identity.fingerprint(), terms.chunking(), masks, held.tagKey());
        yield new SiteStep(
            new SiteState.Masking(state.running(), message, dealers, held, masker),
            List.of(new SiteEffect.MaskAndUpload(masker)));
      }
    };
  }

  /** The upload's chunks are out: M5's commit, once in the attempt. */
  private SiteStep masked(SiteState state, SiteInput.UploadSummary summary) {
    return switch (state) {
      case SiteState.Masking masking -> {
        FromSite.UploadCommit own = commit(masking.dealers(), summary, masking.running().context());
        yield new SiteStep(
            new SiteState.Uploaded(
                masking.running().answered(masking.received(), own),
                masking.dealers(),
                own,
                masking.held(),
                masking.masker()),
            List.of(new SiteEffect.Send(own)));
      }
      case SiteState.Uploaded uploaded
          when commit(uploaded.dealers(), summary, uploaded.running().context())
              .equals(uploaded.own()) ->
          new SiteStep(state, List.of(new SiteEffect.Send(uploaded.own())));
      case SiteState.Uploaded uploaded ->
          SiteEndings.abort(
              uploaded,
              new Refusal(SiteRefusal.UPDATE_CHANGED, "a second upload with other content"));
      case SiteState.Running running -> SiteEndings.unexpected(running, "upload");
      case SiteState.Idle _, SiteState.Done _, SiteState.Aborted _ ->
          new SiteStep(state, List.of());
    };
  }

  private FromSite.UploadCommit commit(
      DealerSet dealers, SiteInput.UploadSummary summary, AttemptContext context) {
    long length = terms.chunking().lengthElements();
    Bytes signature =
        SignedContent.upload(dealers.hash(), length, summary.root(), summary.tag0(), summary.tag1())
            .signedBy(identity, context.hash());
    return new FromSite.UploadCommit(
        summary.root(), summary.chunkCount(), length, summary.tag0(), summary.tag1(), signature);
  }

  /** M6 to M7: one statement in the attempt. */
  private SiteStep confirm(SiteState.Uploaded state, ToSite.Survivors message) {
    AttemptContext context = state.running().context();
    Optional<Refusal> refusal =
        rules.survivors(context, state.dealers(), state.own(), message.survivors());
    if (refusal.isPresent()) {
      return SiteEndings.abort(state, refusal.get());
    }
    state.masker().erase();
    SurvivorSet survivors = SurvivorSet.of(state.dealers(), message.survivors());
    Hash statement =
        Commitments.statement(context.hash(), survivors, state.held().tagKey().confirmation());
    FromSite.Confirmation own =
        new FromSite.Confirmation(
            statement, SignedContent.statement(statement).signedBy(identity, context.hash()));
    return new SiteStep(
        new SiteState.Confirmed(
            state.running().answered(message, own), survivors, statement, state.held()),
        List.of(new SiteEffect.Send(own)));
  }

  /** M8 to M9: once in the round. */
  private SiteStep release(SiteState.Confirmed state, ToSite.Quorum message) {
    AttemptContext context = state.running().context();
    Optional<Refusal> refusal =
        rules.quorum(context, state.survivors(), state.statement(), message.endorsements());
    if (refusal.isPresent()) {
      return SiteEndings.abort(state, refusal.get());
    }
    FromSite.Release own =
        state.held().release(context, identity, state.survivors(), state.statement());
    state.held().eraseShares();
    JournalEntry released =
        new JournalEntry.Released(
            context.id(), context.hash(), context.start().modelHash(), state.statement());
    return new SiteStep(
        new SiteState.Released(
            state.running().answered(message, own),
            state.survivors(),
            state.statement(),
            state.held().tagKey()),
        List.of(new SiteEffect.Journal(released), new SiteEffect.Send(own)));
  }

  /** M10. What the coordinator signed is voted on, even before the sum is fetched. */
  private SiteStep check(SiteState.Released state, ToSite.Result message) {
    AttemptContext context = state.running().context();
    Optional<Refusal> forged = rules.resultSignature(context, message);
    if (forged.isPresent()) {
      return SiteEndings.abort(state, forged.get());
    }
    Optional<Refusal> refusal = SiteRules.result(state.statement(), message);
    if (refusal.isPresent()) {
      SiteEndings.erase(state);
      return voteAgainst(state.running(), message, refusal.get());
    }
    ResultVerifier verifier =
        new ResultVerifier(context, state.survivors(), state.tagKey(), message);
    return new SiteStep(
        new SiteState.Checking(state.running(), message, verifier),
        List.of(new SiteEffect.CheckResult(verifier, message.resultRoot())));
  }

  /** The sum was checked: M11. */
  private SiteStep checked(SiteState state, SiteInput.ResultCheck check) {
    return switch (state) {
      case SiteState.Checking checking -> {
        SiteEndings.erase(checking);
        yield switch (check) {
          case SiteInput.ResultCheck.Good(Hash next) ->
              vote(checking.running(), checking.received(), Optional.of(next));
          case SiteInput.ResultCheck.Bad(SiteRefusal reason) ->
              voteAgainst(
                  checking.running(),
                  checking.received(),
                  new Refusal(reason, "the sum was refused"));
        };
      }
      case SiteState.Running running -> SiteEndings.unexpected(running, "checked result");
      case SiteState.Idle _, SiteState.Done _, SiteState.Aborted _ ->
          new SiteStep(state, List.of());
    };
  }

  private SiteStep voteAgainst(SiteAttempt attempt, ToSite.Result result, Refusal why) {
    SiteStep step = vote(attempt, result, Optional.empty());
    List<SiteEffect> effects = new ArrayList<>(step.effects());
    effects.add(new SiteEffect.Refuse(why.reason(), why.detail()));
    return new SiteStep(step.next(), effects);
  }

  /**
   * M11. A round that is over for this site is closed in its journal before anybody hears of it.
   */
  private SiteStep vote(SiteAttempt attempt, ToSite.Result result, Optional<Hash> nextModel) {
    AttemptContext context = attempt.context();
    boolean ok = nextModel.isPresent();
    Hash next = nextModel.orElse(FromSite.Verdict.NO_MODEL);
    FromSite.Verdict own =
        new FromSite.Verdict(
            ok,
            result.resultRoot(),
            next,
            SignedContent.verdict(ok, result.resultRoot(), next)
                .signedBy(identity, context.hash()));
    List<SiteEffect> effects = new ArrayList<>();
    if (ok || attempt.released()) {
      effects.add(new SiteEffect.Journal(new JournalEntry.Closed(context.id().round())));
    }
    effects.add(new SiteEffect.Send(own));
    return new SiteStep(new SiteState.Done(attempt.answered(result, own)), effects);
  }
}
