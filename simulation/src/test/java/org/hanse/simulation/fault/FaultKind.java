package org.hanse.simulation.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can go wrong, and with whom. */
public enum FaultKind {
  /** Kill -9; what was written stays. */
  KILL(Whom.ANYBODY),
  /** Kill -9 in the middle of a disk operation. */
  KILL_AT_DISK_OPERATION(Whom.ANYBODY),
  /** The coordinator dies when it has sent an answer, a site when one has come. */
  KILL_AT_ANSWER(Whom.ANYBODY),
  /** What was not synced is lost, in part, or torn. */
  POWER_CUT(Whom.ANYBODY),
  POWER_CUT_AT_DISK_OPERATION(Whom.ANYBODY),
  /** SIGTERM, and a start after a while. */
  STOP(Whom.ANYBODY),
  /** SIGSTOP and SIGCONT. */
  PAUSE(Whom.ANYBODY),
  DISK_FULL(Whom.ANYBODY),
  /** Now and then an operation fails. */
  IO_ERROR(Whom.ANYBODY),
  SLOW_DISK(Whom.ANYBODY),
  /** One bit of one file. */
  BIT_FLIP(Whom.ANYBODY),
  /** Somebody sets the machine's clock a day forward. */
  CLOCK_FORWARD(Whom.ANYBODY),
  CLOCK_BACK(Whom.ANYBODY),
  /** Connections break before or after the coordinator has taken a call. */
  LOST_CALLS(Whom.SITE),
  /** Calls never arrive, and the connection stays. */
  SWALLOWED_CALLS(Whom.SITE),
  /** Calls take up to seconds, each another time, so that later ones overtake. */
  SLOW_NETWORK(Whom.SITE),
  /** Calls arrive twice, the second time up to minutes later. */
  REPEATED_CALLS(Whom.SITE),
  /** Streams break at some byte. */
  CUT_STREAMS(Whom.SITE),
  PARTITION(Whom.SITE),
  /** The site hears the coordinator, which does not hear the site. */
  PARTITION_TO_COORDINATOR(Whom.SITE),
  PARTITION_TO_SITE(Whom.SITE),
  /** The connection breaks again and again. */
  FLAPPING(Whom.SITE),
  TRAINER_CRASH(Whom.SITE),
  TRAINER_HANG(Whom.SITE),
  TRAINER_NOT_FINITE(Whom.SITE),
  TRAINER_NO_RESULT(Whom.SITE),
  /** The process dies at the end of a training. */
  TRAINER_KILL(Whom.SITE),
  /** The site's signing certificate ends. */
  CERTIFICATE_END(Whom.SITE),
  DATABASE_LOCKED(Whom.COORDINATOR),
  DATABASE_FULL(Whom.COORDINATOR),
  KILL_BEFORE_COMMIT(Whom.COORDINATOR),
  KILL_AFTER_COMMIT(Whom.COORDINATOR),
  /** Killed, and killed again when it has just begun to read what it had stored. */
  KILL_IN_RECOVERY(Whom.COORDINATOR);

  private final Whom whom;

  private enum Whom {
    ANYBODY,
    SITE,
    COORDINATOR
  }

  FaultKind(Whom whom) {
    this.whom = whom;
  }

  public boolean hitsSites() {
    return whom != Whom.COORDINATOR;
  }

  boolean hitsTheCoordinator() {
    return whom != Whom.SITE;
  }

  /** As in a plan that people write. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<FaultKind> all() {
    return Arrays.asList(values());
  }
}
