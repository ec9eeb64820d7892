package org.hanse.wire;

import java.util.List;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Field25519;
import org.hanse.core.crypto.MlKemKey;
import org.hanse.core.crypto.SealedBox;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.proto.v1.Advertisement;
import org.hanse.proto.v1.Complaint;
import org.hanse.proto.v1.Confirmation;
import org.hanse.proto.v1.DeclineReason;
import org.hanse.proto.v1.Declined;
import org.hanse.proto.v1.Ready;
import org.hanse.proto.v1.Release;
import org.hanse.proto.v1.ReleasedShare;
import org.hanse.proto.v1.ReportTrainingRequest;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.ShareEntry;
import org.hanse.proto.v1.ShareKind;
import org.hanse.proto.v1.Shares;
import org.hanse.proto.v1.UploadCommit;
import org.hanse.proto.v1.Verdict;
import org.hanse.proto.v1.Withdrawal;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;

/** What a site sends during a round: M1, M3, M5's commit, M7, M9, M11, and training reports. */
public final class SiteMessages {
  private SiteMessages() {}

  /**
   * All but the upload's commit, which travels in the upload stream.
   *
   * @throws IllegalArgumentException for an upload's commit
   */
  public static SendMessageRequest encode(AttemptMessage value) {
    SendMessageRequest.Builder request =
        SendMessageRequest.newBuilder().setAttempt(AttemptMessages.encode(value.attempt()));
    return switch (value.message()) {
      case FromSite.Advertisement m -> request.setAdvertisement(encode(m)).build();
      case FromSite.Shares m -> request.setShares(encode(m)).build();
      case FromSite.Confirmation m ->
          request
              .setConfirmation(
                  Confirmation.newBuilder()
                      .setStatement(FieldPath.bytesOf(m.statement()))
                      .setSignature(FieldPath.bytesOf(m.signature())))
              .build();
      case FromSite.Release m -> request.setRelease(encode(m)).build();
      case FromSite.Verdict m -> request.setVerdict(encode(m)).build();
      case FromSite.Withdrawal m ->
          request.setWithdrawal(Withdrawal.newBuilder().setReason(m.reason().name())).build();
      case FromSite.Complaint m ->
          request
              .setComplaint(
                  Complaint.newBuilder()
                      .setDealer(FieldPath.bytesOf(m.dealer()))
                      .setReason(ComplaintReasons.encode(m.reason()))
                      .setSignature(FieldPath.bytesOf(m.signature())))
              .build();
      case FromSite.UploadCommit m ->
          throw new IllegalArgumentException("a commit travels in the upload stream");
    };
  }

  public static AttemptMessage decode(SendMessageRequest message) {
    FieldPath root = FieldPath.ROOT;
    AttemptId attempt =
        AttemptMessages.decode(root.dot("attempt"), message.hasAttempt(), message.getAttempt());
    FromSite content =
        switch (message.getMessageCase()) {
          case ADVERTISEMENT -> decode(root.dot("advertisement"), message.getAdvertisement());
          case SHARES -> decode(root.dot("shares"), message.getShares());
          case CONFIRMATION -> decode(root.dot("confirmation"), message.getConfirmation());
          case RELEASE -> decode(root.dot("release"), message.getRelease());
          case VERDICT -> decode(root.dot("verdict"), message.getVerdict());
          case COMPLAINT -> decode(root.dot("complaint"), message.getComplaint());
          case WITHDRAWAL ->
              new FromSite.Withdrawal(
                  root.dot("withdrawal")
                      .dot("reason")
                      .constant(SiteRefusal.class, message.getWithdrawal().getReason()));
          case MESSAGE_NOT_SET -> throw root.dot("message").refuse("must be set");
        };
    return new AttemptMessage(attempt, content);
  }

  private static FromSite.Complaint decode(FieldPath path, Complaint m) {
    return new FromSite.Complaint(
        path.dot("dealer").fingerprint(m.getDealer()),
        ComplaintReasons.decode(path.dot("reason"), m.getReason()),
        path.dot("signature").signature(m.getSignature()));
  }

  static Advertisement encode(FromSite.Advertisement m) {
    return Advertisement.newBuilder()
        .setSite(FieldPath.bytesOf(m.site()))
        .setChannelKey(FieldPath.bytesOf(m.channelKey().x25519()))
        .setMaskKey(FieldPath.bytesOf(m.maskKey().x25519()))
        .setChannelKemKey(FieldPath.bytesOf(m.channelKey().mlKem()))
        .setMaskKemKey(FieldPath.bytesOf(m.maskKey().mlKem()))
        .setSelfMaskCommitment(FieldPath.bytesOf(m.selfMaskCommitment()))
        .setTagKeyCommitment(FieldPath.bytesOf(m.tagKeyCommitment()))
        .setSignature(FieldPath.bytesOf(m.signature()))
        .build();
  }

  static FromSite.Advertisement decode(FieldPath path, Advertisement m) {
    return new FromSite.Advertisement(
        path.dot("site").fingerprint(m.getSite()),
        new AgreementPublicKey(
            path.dot("channel_key").key(m.getChannelKey()),
            path.dot("channel_kem_key")
                .optionalBytes(m.getChannelKemKey(), MlKemKey.PUBLIC_KEY_BYTES)),
        new AgreementPublicKey(
            path.dot("mask_key").key(m.getMaskKey()),
            path.dot("mask_kem_key").optionalBytes(m.getMaskKemKey(), MlKemKey.PUBLIC_KEY_BYTES)),
        path.dot("self_mask_commitment").hash(m.getSelfMaskCommitment()),
        path.dot("tag_key_commitment").hash(m.getTagKeyCommitment()),
        path.dot("signature").signature(m.getSignature()));
  }

  static Shares encode(FromSite.Shares m) {
    Shares.Builder message =
        Shares.newBuilder()
            .setRosterHash(FieldPath.bytesOf(m.rosterHash()))
            .setEntryRoot(FieldPath.bytesOf(m.entryRoot()))
            .setSignature(FieldPath.bytesOf(m.signature()));
    m.entries().forEach(entry -> message.addEntries(encode(entry)));
    return message.build();
  }

  static FromSite.Shares decode(FieldPath path, Shares m) {
    Hash rosterHash = path.dot("roster_hash").hash(m.getRosterHash());
    List<FromSite.ShareEntry> entries =
        path.dot("entries")
            .ascending(
                m.getEntriesList(),
                1,
                Limits.MAX_MEMBERS - 1,
                SiteMessages::decode,
                FromSite.ShareEntry::to);
    return new FromSite.Shares(
        rosterHash,
        entries,
        path.dot("entry_root").hash(m.getEntryRoot()),
        path.dot("signature").signature(m.getSignature()));
  }

  static ShareEntry encode(FromSite.ShareEntry m) {
    return ShareEntry.newBuilder()
        .setTo(FieldPath.bytesOf(m.to()))
        .setNonce(FieldPath.bytesOf(m.nonce()))
        .setCiphertext(FieldPath.bytesOf(m.ciphertext()))
        .setSelfShareHash(FieldPath.bytesOf(m.selfShareHash()))
        .setMaskShareHash(FieldPath.bytesOf(m.maskShareHash()))
        .setChannelEncapsulation(FieldPath.bytesOf(m.channelEncapsulation()))
        .setMaskEncapsulation(FieldPath.bytesOf(m.maskEncapsulation()))
        .build();
  }

  static FromSite.ShareEntry decode(FieldPath path, ShareEntry m) {
    return new FromSite.ShareEntry(
        path.dot("to").fingerprint(m.getTo()),
        path.dot("nonce").bytes(m.getNonce(), SealedBox.NONCE_SIZE_BYTES),
        path.dot("ciphertext").bytes(m.getCiphertext(), FromSite.ShareEntry.CIPHERTEXT_BYTES),
        path.dot("self_share_hash").hash(m.getSelfShareHash()),
        path.dot("mask_share_hash").hash(m.getMaskShareHash()),
        path.dot("channel_encapsulation")
            .optionalBytes(m.getChannelEncapsulation(), MlKemKey.CIPHERTEXT_BYTES),
        path.dot("mask_encapsulation")
            .optionalBytes(m.getMaskEncapsulation(), MlKemKey.CIPHERTEXT_BYTES));
  }

  private static FromSite.Confirmation decode(FieldPath path, Confirmation m) {
    return new FromSite.Confirmation(
        path.dot("statement").hash(m.getStatement()),
        path.dot("signature").signature(m.getSignature()));
  }

  static Release encode(FromSite.Release m) {
    Release.Builder message =
        Release.newBuilder()
            .setSelfMask(FieldPath.bytesOf(m.selfMask()))
            .setSignature(FieldPath.bytesOf(m.signature()));
    for (FromSite.ReleasedShare share : m.shares()) {
      message.addShares(
          ReleasedShare.newBuilder()
              .setPeerIndex(share.peerIndex())
              .setKind(
                  switch (share.kind()) {
                    case SELF_MASK -> ShareKind.SHARE_KIND_SELF_MASK;
                    case MASK_KEY -> ShareKind.SHARE_KIND_MASK_KEY;
                  })
              .setShare(FieldPath.bytesOf(share.share())));
    }
    return message.build();
  }

  static FromSite.Release decode(FieldPath path, Release m) {
    return new FromSite.Release(
        path.dot("self_mask").bytes(m.getSelfMask(), Field25519.SIZE_BYTES),
        path.dot("shares")
            .ascending(
                m.getSharesList(),
                1,
                Limits.MAX_MEMBERS - 1,
                SiteMessages::decode,
                FromSite.ReleasedShare::peerIndex),
        path.dot("signature").signature(m.getSignature()));
  }

  private static FromSite.ReleasedShare decode(FieldPath path, ReleasedShare m) {
    return new FromSite.ReleasedShare(
        path.dot("peer_index").range(m.getPeerIndex(), 1, Limits.MAX_MEMBERS),
        switch (m.getKind()) {
          case SHARE_KIND_SELF_MASK -> FromSite.ShareKind.SELF_MASK;
          case SHARE_KIND_MASK_KEY -> FromSite.ShareKind.MASK_KEY;
          case SHARE_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw path.dot("kind").refuse("must be a known kind of share");
        },
        path.dot("share").fieldElement(m.getShare()));
  }

  static Verdict encode(FromSite.Verdict m) {
    return Verdict.newBuilder()
        .setOk(m.ok())
        .setResultRoot(FieldPath.bytesOf(m.resultRoot()))
        .setNextModelHash(FieldPath.bytesOf(m.nextModelHash()))
        .setSignature(FieldPath.bytesOf(m.signature()))
        .build();
  }

  static FromSite.Verdict decode(FieldPath path, Verdict m) {
    Hash nextModel = path.dot("next_model_hash").hash(m.getNextModelHash());
    if (!m.getOk() && !nextModel.equals(FromSite.Verdict.NO_MODEL)) {
      throw path.dot("next_model_hash").refuse("must be 32 zero bytes unless ok");
    }
    return new FromSite.Verdict(
        m.getOk(),
        path.dot("result_root").hash(m.getResultRoot()),
        nextModel,
        path.dot("signature").signature(m.getSignature()));
  }

  static UploadCommit encode(FromSite.UploadCommit m) {
    return UploadCommit.newBuilder()
        .setRoot(FieldPath.bytesOf(m.root()))
        .setChunkCount(m.chunkCount())
        .setLengthElements(m.lengthElements())
        .setTag0(m.tag0())
        .setTag1(m.tag1())
        .setSignature(FieldPath.bytesOf(m.signature()))
        .build();
  }

  static FromSite.UploadCommit decode(FieldPath path, UploadCommit m) {
    Hash root = path.dot("root").hash(m.getRoot());
    long length =
        path.dot("length_elements").range(m.getLengthElements(), 2, WireLimits.MAX_MASKED_ELEMENTS);
    long chunks = Math.ceilDiv(length, (long) Limits.CHUNK_ELEMENTS);
    return new FromSite.UploadCommit(
        root,
        path.dot("chunk_count").range(m.getChunkCount(), chunks, chunks),
        length,
        path.dot("tag0").tag(m.getTag0()),
        path.dot("tag1").tag(m.getTag1()),
        path.dot("signature").signature(m.getSignature()));
  }

  public static ReportTrainingRequest encode(RoundReport value) {
    ReportTrainingRequest.Builder request =
        ReportTrainingRequest.newBuilder()
            .setAttempt(AttemptMessages.encode(new AttemptId(value.round(), 0)));
    return switch (value.report()) {
      case TrainingReport.Ready ready -> request.setReady(Ready.getDefaultInstance()).build();
      case TrainingReport.Declined declined ->
          request.setDeclined(Declined.newBuilder().setReason(encode(declined.reason()))).build();
    };
  }

  public static RoundReport decode(ReportTrainingRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new RoundReport(
        AttemptMessages.decodeRound(
            root.dot("attempt"), message.hasAttempt(), message.getAttempt()),
        switch (message.getOutcomeCase()) {
          case READY -> new TrainingReport.Ready();
          case DECLINED ->
              new TrainingReport.Declined(
                  decode(root.dot("declined").dot("reason"), message.getDeclined().getReason()));
          case OUTCOME_NOT_SET -> throw root.dot("outcome").refuse("must be set");
        });
  }

  private static DeclineReason encode(TrainingReport.DeclineReason reason) {
    return switch (reason) {
      case NOT_APPROVED -> DeclineReason.DECLINE_REASON_NOT_APPROVED;
      case POLICY -> DeclineReason.DECLINE_REASON_POLICY;
      case DATA -> DeclineReason.DECLINE_REASON_DATA;
      case TRAINING_FAILED -> DeclineReason.DECLINE_REASON_TRAINING_FAILED;
      case MODEL -> DeclineReason.DECLINE_REASON_MODEL;
      case MODEL_RELEASED_TOO_OFTEN -> DeclineReason.DECLINE_REASON_MODEL_RELEASED_TOO_OFTEN;
      case DRAINING -> DeclineReason.DECLINE_REASON_DRAINING;
    };
  }

  private static TrainingReport.DeclineReason decode(FieldPath path, DeclineReason reason) {
    return switch (reason) {
      case DECLINE_REASON_NOT_APPROVED -> TrainingReport.DeclineReason.NOT_APPROVED;
      case DECLINE_REASON_POLICY -> TrainingReport.DeclineReason.POLICY;
      case DECLINE_REASON_DATA -> TrainingReport.DeclineReason.DATA;
      case DECLINE_REASON_TRAINING_FAILED -> TrainingReport.DeclineReason.TRAINING_FAILED;
      case DECLINE_REASON_MODEL -> TrainingReport.DeclineReason.MODEL;
      case DECLINE_REASON_MODEL_RELEASED_TOO_OFTEN ->
          TrainingReport.DeclineReason.MODEL_RELEASED_TOO_OFTEN;
      case DECLINE_REASON_DRAINING -> TrainingReport.DeclineReason.DRAINING;
      case DECLINE_REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw path.refuse("must be a known decline reason");
    };
  }
}
