package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** What every state with an attempt under way does with inputs it does not expect. */
abstract class SiteStateContract {
  private static final List<Class<? extends ToSite>> ORDER =
      List.of(
          ToSite.RoundStart.class,
          ToSite.Roster.class,
          ToSite.SharesFor.class,
          ToSite.Survivors.class,
          ToSite.Quorum.class,
          ToSite.Result.class);

  /** A fresh scenario in the state under test. */
  abstract SiteScenario scenario();

  abstract Class<? extends SiteState> state();

  /** Messages the site has received, and so answered but for the last in a state that works. */
  abstract int handled();

  /** Messages that the state takes next. */
  abstract Set<Class<? extends ToSite>> expected();

  /** Whether the state waits for the shell's masked upload, or has it already. */
  boolean takesUpload() {
    return false;
  }

  /** Whether the state waits for the shell's check of the result. */
  boolean takesCheck() {
    return false;
  }

  @Test
  final void scenario_always_isInTheStateUnderTest() {
    SiteScenario scenario = scenario();

    assertThat(scenario.site.state).isInstanceOf(state());
    assertThat(Secrets.in(scenario.site.state)).isNotEmpty();
    assertThat(scenario.site.state.finished()).isFalse();
    assertThat(scenario.site.state.attempt()).contains(TestConsortium.attempt(7, 0));
  }

  @Test
  final void receive_repeatOfHandledMessage_sameReplyAndState() {
    for (Class<? extends ToSite> kind : ORDER.subList(0, handled())) {
      SiteScenario scenario = scenario();
      SiteState before = scenario.site.state;
      List<FromSite> sent = scenario.sent();
      Set<SecretBytes> secrets = Secrets.in(before);

      List<SiteEffect> effects = scenario.receiveNext(kind);

      assertThat(scenario.site.state).isSameAs(before);
      assertThat(Secrets.in(before)).containsExactlyInAnyOrderElementsOf(secrets);
      assertThat(effects)
          .allSatisfy(effect -> assertThat(sent).contains(((SiteEffect.Send) effect).message()));
      boolean working = (takesUpload() && !hasUploaded()) || takesCheck();
      boolean answered = !(working && kind == ORDER.get(handled() - 1));
      assertThat(effects).hasSize(answered ? 1 : 0);
    }
  }

  @Test
  final void receive_unexpectedMessage_erasesAndWithdraws() {
    for (Class<? extends ToSite> kind : ORDER.subList(handled(), ORDER.size())) {
      if (!expected().contains(kind)) {
        SiteScenario scenario = scenario();
        assertAbortsOn(scenario, new SiteInput.Received(scenario.message(kind)));
      }
    }
  }

  @Test
  final void receive_otherMessageOfHandledKind_erasesAndWithdraws() {
    for (Class<? extends ToSite> kind : ORDER.subList(0, handled())) {
      SiteScenario scenario = scenario();
      assertAbortsOn(scenario, new SiteInput.Received(altered(scenario.message(kind))));
    }
  }

  @Test
  final void handle_uploadMaskedUnexpectedly_erasesAndWithdraws() {
    if (!takesUpload()) {
      assertAbortsOn(scenario(), SiteScenario.uploadMasked());
    }
  }

  @Test
  final void handle_resultCheckedUnexpectedly_erasesAndWithdraws() {
    if (!takesCheck()) {
      assertAbortsOn(scenario(), SiteScenario.good());
    }
  }

  @Test
  final void handle_stop_erasesWithoutMessage() {
    SiteScenario scenario = scenario();
    Set<SecretBytes> secrets = Secrets.in(scenario.site.state);

    List<SiteEffect> effects =
        scenario.site.handle(new SiteInput.Stop(SiteRefusal.DEADLINE_PASSED));

    assertThat(scenario.site.state)
        .isEqualTo(
            new SiteState.Aborted(TestConsortium.attempt(7, 0), SiteRefusal.DEADLINE_PASSED));
    assertThat(effects).hasSize(1).hasOnlyElementsOfType(SiteEffect.Refuse.class);
    assertThat(secrets).allMatch(SecretBytes::isErased);
  }

  @Test
  final void start_laterAttempt_erasesTheAttemptUnderWayFirst() {
    SiteScenario scenario = scenario();
    Set<SecretBytes> secrets = Secrets.in(scenario.site.state);
    ToSite.RoundStart first = scenario.message(ToSite.RoundStart.class);
    ToSite.RoundStart later =
        new ToSite.RoundStart(TestConsortium.attempt(7, 1), first.modelHash(), first.roster());

    scenario.site.receive(later);

    assertThat(secrets).isNotEmpty().allMatch(SecretBytes::isErased);
    assertThat(scenario.site.state.attempt()).contains(TestConsortium.attempt(7, 1));
    boolean released = scenario.site.history().released(first.attempt().round());
    assertThat(scenario.site.state.finished()).isEqualTo(released);
  }

  private boolean hasUploaded() {
    return state() == SiteState.Uploaded.class;
  }

  private static void assertAbortsOn(SiteScenario scenario, SiteInput input) {
    Set<SecretBytes> secrets = Secrets.in(scenario.site.state);

    List<SiteEffect> effects = scenario.site.handle(input);

    assertThat(scenario.site.state)
        .as("after %s", input.getClass())
        .isEqualTo(
            new SiteState.Aborted(TestConsortium.attempt(7, 0), SiteRefusal.UNEXPECTED_MESSAGE));
    assertThat(secrets).isNotEmpty().allMatch(SecretBytes::isErased);
    assertThat(effects).hasSize(2);
    assertThat(effects.getFirst())
        .isEqualTo(new SiteEffect.Send(new FromSite.Withdrawal(SiteRefusal.UNEXPECTED_MESSAGE)));
  }

  /** The same message with less in it, or other numbers. */
  private static ToSite altered(ToSite message) {
    return switch (message) {
      case ToSite.RoundStart m ->
          new ToSite.RoundStart(m.attempt(), TestConsortium.hash("other"), m.roster());
      case ToSite.Roster m ->
          new ToSite.Roster(m.advertisements().subList(0, m.advertisements().size() - 1));
      case ToSite.SharesFor m -> new ToSite.SharesFor(m.sharers(), m.deliveries().subList(0, 1));
      case ToSite.Survivors m ->
          new ToSite.Survivors(m.survivors().subList(0, m.survivors().size() - 1));
      case ToSite.Quorum m ->
          new ToSite.Quorum(m.endorsements().subList(0, m.endorsements().size() - 1));
      case ToSite.Result m ->
          new ToSite.Result(
              m.statement(),
              m.resultRoot(),
              m.tag0() ^ 1,
              m.tag1(),
              m.coordinatorKey(),
              m.signature());
    };
  }
}
