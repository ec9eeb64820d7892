package org.hanse.core.secagg;

/** Why a site will not go on with an attempt: a closed list, safe to send upstream. */
public enum SiteRefusal {
  /** The message does not belong to the state the site is in. */
  UNEXPECTED_MESSAGE,
  /** The roster is not ascending, names a non-member or a key that does not match its name. */
  ROSTER_INVALID,
  /** The roster lacks this site. */
  ROSTER_WITHOUT_SELF,
  /** Fewer sites than the manifest or this site's own policy allows. */
  COHORT_TOO_SMALL,
  /** This site's own policy forbids the round, whatever it allowed before. */
  POLICY_FORBIDS,
  /** Attempt number at or above the manifest's maximum. */
  TOO_MANY_ATTEMPTS,
  /** The journal holds this attempt or a later one already. */
  ATTEMPT_ALREADY_JOINED,
  /** This site has released in this round. */
  ROUND_ALREADY_RELEASED,
  /** This site has released as often on this model as the manifest allows. */
  MODEL_RELEASED_TOO_OFTEN,
  /** The model hash differs from the model this site trained on. */
  MODEL_MISMATCH,
  /** A signature does not verify under this site's context. */
  SIGNATURE_INVALID,
  /** A key is repeated, non-canonical or of low order, or this site's own was changed. */
  KEY_INVALID,
  /** A box, its path, a share or a commitment in it does not check. */
  SHARE_INVALID,
  /** A set is not a subset of the one before it, not ascending, or lacks this site. */
  SET_INVALID,
  /** This site's own root or tags came back altered. */
  OWN_UPLOAD_ALTERED,
  /** Too few, repeated or foreign signatures on the statement. */
  QUORUM_INVALID,
  /** The sum's root, signature, statement or keyed tag does not check. */
  RESULT_FORGED,
  /** The keyed tag does not fit, yet the sum is that of the uploads: some site sent a false tag. */
  FALSE_TAG,
  /** Audited chunks of the sum are not those of the uploads, or the coordinator showed none. */
  SUM_UNPROVEN,
  /** The sum breaks a gate: some site sent values no honest site sends. */
  RESULT_IMPLAUSIBLE,
  /** The local update cannot be encoded: not finite, wrong length, or no weight. */
  UPDATE_INVALID,
  /** The update saved for this round is another one. */
  UPDATE_CHANGED,
  /** A step's deadline passed. */
  DEADLINE_PASSED
}
