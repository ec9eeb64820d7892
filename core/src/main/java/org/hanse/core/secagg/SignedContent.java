package org.hanse.core.secagg;

import java.nio.ByteBuffer;
import java.util.List;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.SignatureVerifier;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite.ComplaintReason;

/**
 * What a signature covers: a label, the attempt's context, the signer and the message's fields.
 * Nothing signed for one purpose, attempt or signer passes for another.
 */
public final class SignedContent {
  private final String label;
  private final Fields fields;

  private SignedContent(String label, Fields fields) {
    this.label = label;
    this.fields = fields;
  }

  /** M1. */
  public static SignedContent advertisement(
      AgreementPublicKey channelKey,
      AgreementPublicKey maskKey,
      Hash selfMaskCommitment,
      Hash tagKeyCommitment) {
    Fields fields = new Fields();
    channelKey.appendTo(fields);
    maskKey.appendTo(fields);
    return new SignedContent("ad", fields.hash(selfMaskCommitment).hash(tagKeyCommitment));
  }

  public static SignedContent of(FromSite.Advertisement ad) {
    return advertisement(
        ad.channelKey(), ad.maskKey(), ad.selfMaskCommitment(), ad.tagKeyCommitment());
  }

  /** M3. */
  public static SignedContent shares(Hash keySetHash, Hash entryRoot) {
    return new SignedContent("shares", new Fields().hash(keySetHash).hash(entryRoot));
  }

  /** M5, under U2hash. */
  public static SignedContent upload(
      Hash dealerSetHash, long lengthElements, Hash root, long tag0, long tag1) {
    return new SignedContent(
        "upload",
        new Fields().hash(dealerSetHash).u64(lengthElements).hash(root).u64(tag0).u64(tag1));
  }

  /** M7. */
  public static SignedContent statement(Hash statement) {
    return new SignedContent("stmt", new Fields().hash(statement));
  }

  /** M9: per peer u32 abscissa, u8 kind, share, all in one field. */
  public static SignedContent release(
      Hash statement, Bytes selfMask, List<FromSite.ReleasedShare> shares) {
    int sizeBytes = shares.stream().mapToInt(s -> Integer.BYTES + 1 + s.share().size()).sum();
    ByteBuffer joined = ByteBuffer.allocate(sizeBytes);
    for (FromSite.ReleasedShare share : shares) {
      joined
          .putInt(share.peerIndex())
          .put((byte) kindCode(share.kind()))
          .put(share.share().toByteArray());
    }
    return new SignedContent(
        "release", new Fields().hash(statement).bytes(selfMask).bytes(joined.array()));
  }

  /** M10. */
  public static SignedContent result(Hash statement, Hash resultRoot, long tag0, long tag1) {
    return new SignedContent(
        "result", new Fields().hash(statement).hash(resultRoot).u64(tag0).u64(tag1));
  }

  /** M11. */
  public static SignedContent verdict(boolean ok, Hash resultRoot, Hash nextModelHash) {
    return new SignedContent(
        "verdict", new Fields().u8(ok ? 1 : 0).hash(resultRoot).hash(nextModelHash));
  }

  /** In place of M5. */
  public static SignedContent complaint(Fingerprint dealer, ComplaintReason reason) {
    return new SignedContent("complaint", new Fields().fingerprint(dealer).u8(code(reason)));
  }

  private static int code(ComplaintReason reason) {
    return switch (reason) {
      case BOX_UNREADABLE -> 0;
      case WRONG_LENGTH -> 1;
      case SHARE_INVALID -> 2;
      case TAG_KEY_INVALID -> 3;
      case ENCAPSULATION_INVALID -> 4;
    };
  }

  private static int kindCode(FromSite.ShareKind kind) {
    return switch (kind) {
      case SELF_MASK -> 0;
      case MASK_KEY -> 1;
    };
  }

  public Bytes signedBy(SigningKey key, Hash context) {
    return key.sign(message(context, key.fingerprint()));
  }

  public boolean isSignedBy(RosterEntry signer, Hash context, Bytes signature) {
    return SignatureVerifier.verify(
        signer.signingKey(), message(context, signer.site()), signature);
  }

  public byte[] message(Hash context, Fingerprint signer) {
    byte[] head =
        new Fields().text("flsa1/sig/" + label).hash(context).fingerprint(signer).toByteArray();
    byte[] body = fields.toByteArray();
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }
}
