package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.crypto.Fields;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.junit.jupiter.api.Test;

class SignedContentTest {
  @Test
  void message_ofAComplaint_isDealerAndOneByte() {
    Hash context = TestConsortium.hash("context");
    Fingerprint signer = TestConsortium.signingKey("a").fingerprint();
    Fingerprint dealer = TestConsortium.signingKey("b").fingerprint();

    for (ComplaintReason reason : ComplaintReason.values()) {
      int code =
          List.of(
                  ComplaintReason.BOX_UNREADABLE,
                  ComplaintReason.WRONG_LENGTH,
                  ComplaintReason.SHARE_INVALID,
                  ComplaintReason.TAG_KEY_INVALID,
                  ComplaintReason.ENCAPSULATION_INVALID)
              .indexOf(reason);
      assertThat(SignedContent.complaint(dealer, reason).message(context, signer))
          .isEqualTo(
              new Fields()
                  .text("flsa1/sig/complaint")
                  .hash(context)
                  .fingerprint(signer)
                  .fingerprint(dealer)
                  .u8(code)
                  .toByteArray());
    }
  }
}
