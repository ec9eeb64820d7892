package org.hanse.core.encode;

/** An update in ring form, or why it cannot take part. */
public sealed interface EncodingResult {

  /** The update's ring form. */
  record Encoded(EncodedUpdate update) implements EncodingResult {}

  /** The update cannot take part in the round. */
  record Refused(Reason reason) implements EncodingResult {}

  /** What is wrong with the site's own update. */
  enum Reason {
    /** Not as many parameters as the manifest's layout. */
    WRONG_LENGTH,
    /** A parameter is NaN or infinite. */
    NOT_FINITE,
    /** Weight below one unit: no example was used. */
    NO_EXAMPLES,
    /** Not as many metrics as the manifest lists. */
    WRONG_METRICS,
    /** A metric is NaN. */
    METRIC_NOT_A_NUMBER
  }
}
