package org.hanse.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.agent.TestJob;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.client.policy.PolicyDecision.Reason;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/** One job of one site, and how its session answers. */
final class SessionFixture {
  static final PlannedJob JOB = TestJob.ofDefaults().planned();
  static final Hash INITIAL = JOB.manifest().training().initialModelHash();
  static final Hash NEXT = hash("next");
  static final Hash UPDATE = hash("update");
  static final RoundId ONE = new RoundId(TestJob.ID, 1);
  static final RoundId TWO = new RoundId(TestJob.ID, 2);
  static final AttemptId FIRST = new AttemptId(ONE, 0);
  static final AttemptId SECOND = new AttemptId(ONE, 1);
  static final SiteRecord.UpdateSaved SAVED = saved(JOB.planHash());
  static final SiteRecord JOINED =
      new SiteRecord.Protocol(new JournalEntry.Joined(FIRST, hash("ctx"), INITIAL, UPDATE));
  static final SiteRecord RELEASED =
      new SiteRecord.Protocol(new JournalEntry.Released(FIRST, hash("ctx"), INITIAL, hash("stmt")));
  static final SiteRecord CLOSED = new SiteRecord.Protocol(new JournalEntry.Closed(ONE));
  static final SessionState WAITING = new SessionState.Waiting();
  static final ToSite.Roster ROSTER = new ToSite.Roster(List.of());
  static final ToSite.Quorum QUORUM = new ToSite.Quorum(List.of());

  private static final SessionMachine MACHINE = new SessionMachine(new ModelTrust());

  private SessionFixture() {}

  static Hash hash(String text) {
    return Hash.of(TestJob.secret(text).toByteArray());
  }

  static SiteRecord.UpdateSaved saved(Hash plan) {
    return new SiteRecord.UpdateSaved(ONE, new SiteRecord.Origin(plan, INITIAL), UPDATE);
  }

  static SessionStep handle(SessionState state, SessionEvent event, SiteRecord... memory) {
    return MACHINE.handle(state, new SiteMemory(List.of(memory)), event);
  }

  static Work train(RoundId round, Hash model) {
    return Work.of(
        new AttemptId(round, 0),
        60,
        new WorkContent.Train(JOB.planHash(), model, Optional.empty()));
  }

  static Work start(AttemptId attempt) {
    return Work.of(attempt, 60, new WorkContent.Start(INITIAL, List.of()));
  }

  static Work step(AttemptId attempt, ToSite message) {
    return Work.of(attempt, 60, new WorkContent.Step(message));
  }

  static SessionState considering(Work work) {
    return new SessionState.Considering(work, false);
  }

  static SessionEvent refused(Rule... rules) {
    return new SessionEvent.Refused(
        new PolicyDecision.Refused(
            Stream.of(rules).map(rule -> new Reason(rule, "because")).toList()));
  }

  static SessionEvent allowed() {
    return new SessionEvent.Allowed(JOB);
  }

  static void assertStep(SessionStep step, SessionState next, SessionEffect... effects) {
    assertThat(step.effects()).containsExactly(effects);
    assertThat(step.next()).isEqualTo(next);
  }

  static void assertDeclined(SessionStep step, RoundId round, DeclineReason reason) {
    assertThat(step.next()).isEqualTo(WAITING);
    assertThat(step.effects())
        .singleElement()
        .isInstanceOfSatisfying(
            SessionEffect.Decline.class,
            decline -> {
              assertThat(decline.round()).isEqualTo(round);
              assertThat(decline.reason()).isEqualTo(reason);
            });
  }
}
