package org.hanse.core.secagg;

/** What is wrong with a box that a site was dealt: a closed list, signed with the complaint. */
public enum ComplaintReason {
  /** It cannot be opened. */
  BOX_UNREADABLE,
  /** What was inside does not have the right length. */
  WRONG_LENGTH,
  /** A share is not below 2^255-19, or does not match its commitment. */
  SHARE_INVALID,
  /** The dealer's part of the tag key does not match its commitment. */
  TAG_KEY_INVALID
}
