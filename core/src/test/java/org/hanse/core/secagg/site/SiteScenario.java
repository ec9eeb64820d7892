package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.SiteInput.ResultCheck;

/**
 * One site in the middle of an honest attempt of five, with the message that comes next and, from
 * an identical attempt that ran to its end, all messages it would ever receive.
 */
public final class SiteScenario {
  public static final int SITE = 2;

  public final ProtocolFederation federation;
  public final SimulatedSite site;
  public final Map<Class<? extends ToSite>, ToSite> messages = new LinkedHashMap<>();

  private SiteScenario(TestConsortium consortium) {
    ProtocolFederation complete = new ProtocolFederation(consortium, 1);
    complete.relay =
        (to, message) -> {
          if (to.equals(complete.site(SITE).name())) {
            messages.put(message.getClass(), message);
          }
          return Optional.of(message);
        };
    complete.run();
    assertThat(messages).hasSize(6);
    federation = new ProtocolFederation(consortium, 1);
    site = federation.site(SITE);
  }

  /** The site has received nothing yet. */
  public static SiteScenario idle() {
    return idle(TestConsortium.of(5, 1));
  }

  public static SiteScenario idle(TestConsortium consortium) {
    return new SiteScenario(consortium);
  }

  /** The site has handled everything before {@code next}. */
  public static SiteScenario before(Class<? extends ToSite> next) {
    return before(next, TestConsortium.of(5, 1));
  }

  public static SiteScenario before(Class<? extends ToSite> next, TestConsortium consortium) {
    SiteScenario scenario = idle(consortium);
    scenario.runUntil(next);
    return scenario;
  }

  public static SiteScenario masking() {
    SiteScenario scenario = before(ToSite.SharesFor.class);
    scenario.receiveNext(ToSite.SharesFor.class);
    return scenario;
  }

  public static SiteScenario checking() {
    SiteScenario scenario = before(ToSite.Result.class);
    scenario.receiveNext(ToSite.Result.class);
    return scenario;
  }

  public static SiteScenario done() {
    SiteScenario scenario = checking();
    scenario.site.handle(good());
    return scenario;
  }

  private void runUntil(Class<? extends ToSite> next) {
    federation.relay =
        (to, message) ->
            to.equals(site.name()) && next.isInstance(message)
                ? Optional.empty()
                : Optional.of(message);
    federation.drain();
  }

  public <T extends ToSite> T message(Class<T> kind) {
    return kind.cast(Objects.requireNonNull(messages.get(kind)));
  }

  /** Sends {@code forged} instead of the honest message; the site must withdraw for this reason. */
  public void assertRefuses(ToSite forged, SiteRefusal reason) {
    Set<SecretBytes> secrets = Secrets.in(site.state);

    List<SiteEffect> effects = site.receive(forged);

    assertThat(site.refusal()).contains(reason);
    assertThat(effects).contains(new SiteEffect.Send(new FromSite.Withdrawal(reason)));
    assertThat(site.state).isEqualTo(new SiteState.Aborted(TestConsortium.attempt(7, 0), reason));
    assertThat(secrets).allMatch(SecretBytes::isErased);
  }

  /** Sends {@code forged}, with a bad box of {@code dealer}; the site must say so and leave. */
  public void assertComplains(ToSite forged, Fingerprint dealer, ComplaintReason reason) {
    Set<SecretBytes> secrets = Secrets.in(site.state);

    List<SiteEffect> effects = site.receive(forged);

    FromSite.Complaint complaint =
        new FromSite.Complaint(
            dealer,
            reason,
            SignedContent.complaint(dealer, reason).signedBy(site.identity, context()));
    assertThat(effects)
        .hasSize(2)
        .startsWith(new SiteEffect.Send(complaint))
        .last()
        .isInstanceOfSatisfying(
            SiteEffect.Refuse.class,
            refuse -> assertThat(refuse.detail()).contains(dealer.toString()));
    assertThat(site.refusal()).contains(SiteRefusal.SHARE_INVALID);
    assertThat(site.state)
        .isEqualTo(new SiteState.Aborted(TestConsortium.attempt(7, 0), SiteRefusal.SHARE_INVALID));
    assertThat(secrets).isNotEmpty().allMatch(SecretBytes::isErased);
    assertThat(site.receive(forged)).isEmpty();
  }

  /** M4 in which another dealer, which signs it, has dealt this site another entry. */
  public ToSite.SharesFor withEntryOf(int number, UnaryOperator<FromSite.ShareEntry> change) {
    ToSite.SharesFor honest = message(ToSite.SharesFor.class);
    SimulatedSite dealer = federation.site(number);
    KeySet keys = ((SiteState.Shared) site.state).keys();
    int index = keys.boxIndex(dealer.name(), site.name());
    List<FromSite.ShareEntry> entries =
        Forgery.replacing(sharesOf(dealer.name()).entries(), index, change);
    List<Hash> leaves = Commitments.entryLeaves(context(), dealer.name(), entries);
    Hash root = MerkleTree.root(leaves);
    ToSite.SharerCommitment commitment =
        new ToSite.SharerCommitment(
            dealer.name(),
            root,
            SignedContent.shares(keys.hash(), root).signedBy(dealer.identity, context()));
    ToSite.Delivery delivery =
        new ToSite.Delivery(
            dealer.name(), index, entries.get(index), MerkleTree.proofs(leaves).get(index));
    return new ToSite.SharesFor(
        Forgery.replacing(honest.sharers(), number, s -> commitment),
        Forgery.replacing(honest.deliveries(), deliveryOf(number), d -> delivery));
  }

  /** Position of a dealer's delivery: the site has none of its own. */
  public static int deliveryOf(int dealer) {
    return dealer < SITE ? dealer : dealer - 1;
  }

  /** A dealer deals to everybody but itself. */
  private FromSite.Shares sharesOf(Fingerprint from) {
    return federation.received.stream()
        .filter(FromSite.Shares.class::isInstance)
        .map(FromSite.Shares.class::cast)
        .filter(shares -> shares.entries().stream().noneMatch(entry -> entry.to().equals(from)))
        .findFirst()
        .orElseThrow();
  }

  /** The signing key of another site, which may collude with the coordinator. */
  public SigningKey key(Fingerprint name) {
    return federation.consortium.sites().stream()
        .filter(key -> key.fingerprint().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** ctx of the attempt. */
  public Hash context() {
    return federation.state.context();
  }

  /** The honest message of this kind. */
  public List<SiteEffect> receiveNext(Class<? extends ToSite> kind) {
    return site.receive(message(kind));
  }

  /** What the site replied to its messages so far, and in the commit of its upload. */
  public List<FromSite> sent() {
    return site.effects.stream()
        .filter(SiteEffect.Send.class::isInstance)
        .map(effect -> ((SiteEffect.Send) effect).message())
        .toList();
  }

  public static SiteInput.ResultChecked good() {
    return new SiteInput.ResultChecked(new ResultCheck.Good(TestConsortium.hash("next")));
  }

  public static SiteInput.UploadMasked uploadMasked() {
    return new SiteInput.UploadMasked(
        new SiteInput.UploadSummary(TestConsortium.hash("root"), 1, 5, 6));
  }
}
