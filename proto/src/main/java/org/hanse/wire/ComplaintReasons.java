package org.hanse.wire;

import org.hanse.core.secagg.FromSite.ComplaintReason;

/** Why a box was refused, in a site's complaint and in a job's history. */
final class ComplaintReasons {
  private ComplaintReasons() {}

  static org.hanse.proto.v1.ComplaintReason encode(ComplaintReason reason) {
    return switch (reason) {
      case BOX_UNREADABLE -> org.hanse.proto.v1.ComplaintReason.COMPLAINT_REASON_BOX_UNREADABLE;
      case WRONG_LENGTH -> org.hanse.proto.v1.ComplaintReason.COMPLAINT_REASON_WRONG_LENGTH;
      case SHARE_INVALID -> org.hanse.proto.v1.ComplaintReason.COMPLAINT_REASON_SHARE_INVALID;
      case TAG_KEY_INVALID -> org.hanse.proto.v1.ComplaintReason.COMPLAINT_REASON_TAG_KEY_INVALID;
      case ENCAPSULATION_INVALID ->
          org.hanse.proto.v1.ComplaintReason.COMPLAINT_REASON_ENCAPSULATION_INVALID;
    };
  }

  static ComplaintReason decode(FieldPath path, org.hanse.proto.v1.ComplaintReason reason) {
    return switch (reason) {
      case COMPLAINT_REASON_BOX_UNREADABLE -> ComplaintReason.BOX_UNREADABLE;
      case COMPLAINT_REASON_WRONG_LENGTH -> ComplaintReason.WRONG_LENGTH;
      case COMPLAINT_REASON_SHARE_INVALID -> ComplaintReason.SHARE_INVALID;
      case COMPLAINT_REASON_TAG_KEY_INVALID -> ComplaintReason.TAG_KEY_INVALID;
      case COMPLAINT_REASON_ENCAPSULATION_INVALID -> ComplaintReason.ENCAPSULATION_INVALID;
      case COMPLAINT_REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw path.refuse("must be a known reason");
    };
  }
}
