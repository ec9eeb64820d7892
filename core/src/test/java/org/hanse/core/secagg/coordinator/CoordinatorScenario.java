package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;

/**
 * A coordinator in the middle of an honest attempt of five, one of whose sites, the straggler, has
 * not answered the item it holds; with all messages the straggler would ever send.
 */
public final class CoordinatorScenario {
  public static final int STRAGGLER = 2;

  public final ProtocolFederation federation;
  public final Fingerprint straggler;
  public final Map<Class<? extends FromSite>, FromSite> messages = new LinkedHashMap<>();

  private CoordinatorScenario(Class<? extends ToSite> heldBack, Suite suite) {
    TestConsortium consortium = TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite));
    ProtocolFederation complete = new ProtocolFederation(consortium, 1);
    complete.tamper =
        (site, message) -> {
          if (site.name().equals(complete.site(STRAGGLER).name())) {
            messages.put(message.getClass(), message);
          }
          return message;
        };
    complete.run();
    assertThat(messages).hasSize(6);
    federation = new ProtocolFederation(consortium, 1);
    straggler = federation.site(STRAGGLER).name();
    federation.relay =
        (to, message) ->
            to.equals(straggler) && heldBack.isInstance(message)
                ? Optional.empty()
                : Optional.of(message);
    federation.drain();
  }

  /** The straggler has answered everything before {@code heldBack}, everybody else that too. */
  public static CoordinatorScenario awaitingAnswerTo(Class<? extends ToSite> heldBack) {
    return awaitingAnswerTo(heldBack, Suite.FLSA1);
  }

  public static CoordinatorScenario awaitingAnswerTo(
      Class<? extends ToSite> heldBack, Suite suite) {
    return new CoordinatorScenario(heldBack, suite);
  }

  /** Everything was answered and the sum published; the straggler's verdict is missing. */
  public static CoordinatorScenario closed() {
    CoordinatorScenario scenario = awaitingAnswerTo(ToSite.Result.class);
    assertThat(scenario.federation.state).isInstanceOf(AggregationState.Closed.class);
    return scenario;
  }

  public static CoordinatorScenario aborted() {
    CoordinatorScenario scenario = awaitingAnswerTo(ToSite.SharesFor.class);
    scenario.receive(
        scenario.complaint(scenario.federation.site(0).name(), ComplaintReason.SHARE_INVALID));
    assertThat(scenario.federation.aborted()).contains(AbortReason.SHARE_REFUSED);
    return scenario;
  }

  /** The shell is summing. */
  public static CoordinatorScenario unmasking() {
    CoordinatorScenario scenario = awaitingAnswerTo(ToSite.Quorum.class);
    AggregationStep step =
        scenario.federation.machine.handle(
            scenario.federation.state,
            new AggregationEvent.Received(
                scenario.straggler, scenario.message(FromSite.Release.class)));
    scenario.federation.state = step.next();
    assertThat(step.next()).isInstanceOf(AggregationState.Unmasking.class);
    return scenario;
  }

  public AggregationState state() {
    return federation.state;
  }

  public <T extends FromSite> T message(Class<T> kind) {
    return kind.cast(Objects.requireNonNull(messages.get(kind)));
  }

  /** What the straggler would say of a dealer's box. */
  public FromSite.Complaint complaint(Fingerprint dealer, ComplaintReason reason) {
    return new FromSite.Complaint(
        dealer,
        reason,
        SignedContent.complaint(dealer, reason)
            .signedBy(federation.site(STRAGGLER).identity, state().context()));
  }

  /** M1 of site 0, which was taken already. */
  public FromSite.Advertisement firstAdvertisement() {
    return state()
        .progress()
        .answers()
        .find(FromSite.Advertisement.class, federation.site(0).name())
        .orElseThrow();
  }

  /** A message of the straggler; returns the effects. */
  public List<AggregationEffect> receive(FromSite message) {
    return receive(straggler, message);
  }

  public List<AggregationEffect> receive(Fingerprint from, FromSite message) {
    return handle(new AggregationEvent.Received(from, message));
  }

  public List<AggregationEffect> handle(AggregationEvent event) {
    AggregationStep step = federation.machine.handle(federation.state, event);
    federation.state = step.next();
    return step.effects();
  }
}
