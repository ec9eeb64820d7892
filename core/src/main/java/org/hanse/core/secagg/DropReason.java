package org.hanse.core.secagg;

/** Why a site's message was not taken, or the site left out of an attempt. */
public enum DropReason {
  /** Not in the roster, or out of the attempt already. */
  NOT_IN_COHORT,
  /** The attempt is past the step this message belongs to. */
  LATE,
  /** The attempt is not yet at the step this message belongs to. */
  EARLY,
  /** Another message of this kind was taken before, with other content. */
  DIFFERENT_REPEAT,
  SIGNATURE_INVALID,
  KEY_INVALID,
  WRONG_LENGTH,
  WRONG_ROOT,
  WRONG_SET,
  SHARE_INVALID,
  /** No answer by the step's deadline. */
  SILENT,
  /** No call from the site any more. */
  GONE,
  /** The site said that it takes no further part. */
  WITHDREW,
  /** Its shares rebuilt another secret than it committed to: it is out of the job. */
  CONVICTED
}
