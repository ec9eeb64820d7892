package org.hanse.client.audit;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AuditCheck;

/** What an audit of one round has found. */
public sealed interface RoundFinding {
  /** The round's number. */
  long round();

  /**
   * Everything that could be checked holds.
   *
   * @param sites whose uploads are in the sum
   * @param recomputed chunks of the sum recomputed from the uploads
   * @param chunks of the sum in all
   * @param notChecked what could not be checked, since nothing was kept of it
   * @param nextModelHash the model that the round ended in
   */
  record Holds(
      AttemptId attempt,
      int sites,
      long recomputed,
      long chunks,
      List<Missing> notChecked,
      Hash nextModelHash)
      implements RoundFinding {
    public Holds {
      notChecked = List.copyOf(notChecked);
    }

    @Override
    public long round() {
      return attempt.round().round();
    }
  }

  /**
   * A check failed; those after it were not made.
   *
   * @param detail no secret
   */
  record Broken(long round, AuditCheck check, String detail) implements RoundFinding {}

  /** The job's last round has files and no transcript: it still runs, or somebody took it away. */
  record Unfinished(long round) implements RoundFinding {}

  /** What an audit can be without. */
  enum Missing {
    UPLOADS,
    SUM,
    MODELS,
    /** The site's journal says nothing of the round. */
    SITE
  }
}
