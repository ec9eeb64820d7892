package org.hanse.core.plan;

/**
 * How long each step of a round may take, in seconds, 1 to 30 days. A site that has not answered by
 * then is a dropout.
 *
 * @param recruitSeconds from the round's opening until enough members must be connected
 * @param trainSeconds local training
 * @param advertiseSeconds M0 to M1
 * @param shareSeconds M2 to M3
 * @param uploadSeconds M4 to M5
 * @param confirmSeconds M6 to M7
 * @param releaseSeconds M8 to M9
 * @param verdictSeconds M10 to M11
 */
public record StepDeadlines(
    long recruitSeconds,
    long trainSeconds,
    long advertiseSeconds,
    long shareSeconds,
    long uploadSeconds,
    long confirmSeconds,
    long releaseSeconds,
    long verdictSeconds) {
  /** For sites on ordinary links with models up to some hundred megabytes. */
  public static final StepDeadlines DEFAULT =
      new StepDeadlines(600, 3600, 60, 60, 1800, 60, 60, 1800);

  public StepDeadlines {
    check("recruit", recruitSeconds);
    check("train", trainSeconds);
    check("advertise", advertiseSeconds);
    check("share", shareSeconds);
    check("upload", uploadSeconds);
    check("confirm", confirmSeconds);
    check("release", releaseSeconds);
    check("verdict", verdictSeconds);
  }

  private static void check(String step, long seconds) {
    Limits.inRange(step + " deadline (seconds)", seconds, 1, Limits.MAX_DEADLINE_SECONDS);
  }
}
