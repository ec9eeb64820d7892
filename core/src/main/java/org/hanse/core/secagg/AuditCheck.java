package org.hanse.core.secagg;

/** What an audit of a closed round checks, in this order. */
public enum AuditCheck {
  /** The transcript is there and in the one form it is written in. */
  TRANSCRIPT("the transcript is missing, or not as it was written"),
  /** The roster is of members, large enough, ascending, and the round and attempt are the job's. */
  ROSTER("the roster is not one that the manifest allows"),
  /** M1: signatures, keys and size of U1. */
  KEYS("the sites' keys are not all validly signed and distinct"),
  /** M3: signatures, roots and size of U2. */
  SHARES("a dealer's shares are not under its signed root"),
  /** M5: signatures and size of U3. */
  UPLOADS("an upload is not validly signed, or too few are"),
  /** M7 and M8: t signatures on one statement. */
  QUORUM("fewer than t survivors signed one statement"),
  /** M9: signatures, commitments, one kind of share for each peer. */
  RELEASES("a release is not what its site committed to"),
  /** The revealed secrets are those of the committed keys. */
  SECRETS("the released shares do not give the committed secrets"),
  /** M10: the coordinator's signature and the statement. */
  RESULT("the result is not signed by the manifest's coordinator"),
  /** The unmasked tags are the sum of the committed ones. */
  TAGS("the result's tags are not those of the uploads"),
  /** M11: signatures, and one honest site at least among those that agree. */
  VERDICTS("too few sites confirmed the result"),
  /** The uploads kept have the committed roots. */
  UPLOAD_FILES("an upload is missing, or not the one that its site signed"),
  /** The sum kept has the result's root and passes the gates. */
  SUM("the sum kept is not the result that was signed"),
  /** Chunks of the sum, recomputed from the uploads and the revealed secrets. */
  CHUNKS("the sum is not the unmasked sum of the uploads"),
  /** The models kept have their hashes, and the sum leads from one to the next. */
  MODEL("the new model does not follow from the old one and the sum"),
  /**
   * Each round starts from the model that the one before ended in, the first from the manifest's.
   */
  CHAIN("the round does not start from the model it should start from"),
  /** What a site's own journal says of the round. */
  SITE("the site's own journal tells of another round"),
  /** In a full audit: nothing is missing. */
  KEPT("not everything that a full audit needs was kept");

  private final String failure;

  AuditCheck(String failure) {
    this.failure = failure;
  }

  /** What it means that this check failed, in plain words. */
  public String failure() {
    return failure;
  }
}
