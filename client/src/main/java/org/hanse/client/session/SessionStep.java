package org.hanse.client.session;

import java.util.List;

/** Where a site stands after an event, and what the agent must do. */
public record SessionStep(SessionState next, List<SessionEffect> effects) {
  public SessionStep {
    effects = List.copyOf(effects);
  }

  static SessionStep to(SessionState next, SessionEffect... effects) {
    return new SessionStep(next, List.of(effects));
  }
}
