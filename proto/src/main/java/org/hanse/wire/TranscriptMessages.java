package org.hanse.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.ToSite;
import org.hanse.proto.v1.DealtShares;
import org.hanse.proto.v1.SiteRelease;
import org.hanse.proto.v1.SiteVerdict;

/** A round's transcript as it is kept. */
public final class TranscriptMessages {
  private TranscriptMessages() {}

  public static byte[] encode(RoundTranscript transcript) {
    org.hanse.proto.v1.RoundTranscript.Builder message =
        org.hanse.proto.v1.RoundTranscript.newBuilder()
            .setAttempt(AttemptMessages.encode(transcript.start().attempt()))
            .setModelHash(FieldPath.bytesOf(transcript.start().modelHash()))
            .setResult(StepMessages.encode(transcript.result()));
    for (RosterEntry entry : transcript.start().roster()) {
      message.addSigningKeys(FieldPath.bytesOf(entry.signingKey()));
    }
    for (FromSite.Advertisement ad : transcript.keys()) {
      message.addAdvertisements(SiteMessages.encode(ad));
    }
    for (RoundTranscript.Dealt dealt : transcript.dealt()) {
      message.addDealt(
          DealtShares.newBuilder()
              .setSite(FieldPath.bytesOf(dealt.site()))
              .setShares(SiteMessages.encode(dealt.shares())));
    }
    for (ToSite.Survivor survivor : transcript.survivors()) {
      message.addSurvivors(StepMessages.encode(survivor));
    }
    for (ToSite.Endorsement endorsement : transcript.quorum().endorsements()) {
      message.addEndorsements(StepMessages.encode(endorsement));
    }
    for (RoundTranscript.Released released : transcript.releases()) {
      message.addReleases(
          SiteRelease.newBuilder()
              .setSite(FieldPath.bytesOf(released.site()))
              .setRelease(SiteMessages.encode(released.release())));
    }
    for (RoundTranscript.Voted voted : transcript.verdicts()) {
      message.addVerdicts(
          SiteVerdict.newBuilder()
              .setSite(FieldPath.bytesOf(voted.site()))
              .setVerdict(SiteMessages.encode(voted.verdict())));
    }
    return message.build().toByteArray();
  }

  /**
   * As {@link #encode} wrote it, to the byte.
   *
   * @throws MalformedMessageException also for another encoding of the same values, so that no byte
   *     of a transcript can change unseen
   */
  public static RoundTranscript decode(byte[] stored) {
    RoundTranscript transcript;
    try {
      transcript = decode(org.hanse.proto.v1.RoundTranscript.parseFrom(stored));
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMessageException("", "is no transcript");
    }
    if (!Arrays.equals(encode(transcript), stored)) {
      throw new MalformedMessageException("", "is not in the one encoding of a transcript");
    }
    return transcript;
  }

  private static RoundTranscript decode(org.hanse.proto.v1.RoundTranscript m) {
    FieldPath root = FieldPath.ROOT;
    return new RoundTranscript(
        new ToSite.RoundStart(
            AttemptMessages.decode(root.dot("attempt"), m.hasAttempt(), m.getAttempt()),
            root.dot("model_hash").hash(m.getModelHash()),
            root.dot("signing_keys")
                .ofSites(
                    m.getSigningKeysList(), TranscriptMessages::rosterEntry, RosterEntry::site)),
        root.dot("advertisements")
            .ofSites(m.getAdvertisementsList(), SiteMessages::decode, FromSite.Advertisement::site),
        root.dot("dealt")
            .ofSites(m.getDealtList(), TranscriptMessages::decode, RoundTranscript.Dealt::site),
        root.dot("survivors")
            .ofSites(m.getSurvivorsList(), StepMessages::decode, ToSite.Survivor::site),
        new ToSite.Quorum(
            root.dot("endorsements")
                .ofSites(m.getEndorsementsList(), StepMessages::decode, ToSite.Endorsement::site)),
        root.dot("releases")
            .ofSites(
                m.getReleasesList(), TranscriptMessages::decode, RoundTranscript.Released::site),
        StepMessages.decode(root.dot("result").present(m.hasResult()), m.getResult()),
        root.dot("verdicts")
            .ascending(
                m.getVerdictsList(),
                0,
                Limits.MAX_MEMBERS,
                TranscriptMessages::decode,
                RoundTranscript.Voted::site));
  }

  private static RosterEntry rosterEntry(FieldPath path, ByteString signingKey) {
    Bytes key = path.key(signingKey);
    return new RosterEntry(Fingerprints.of(key), key);
  }

  private static RoundTranscript.Dealt decode(FieldPath path, DealtShares m) {
    return new RoundTranscript.Dealt(
        path.dot("site").fingerprint(m.getSite()),
        SiteMessages.decode(path.dot("shares").present(m.hasShares()), m.getShares()));
  }

  private static RoundTranscript.Released decode(FieldPath path, SiteRelease m) {
    return new RoundTranscript.Released(
        path.dot("site").fingerprint(m.getSite()),
        SiteMessages.decode(path.dot("release").present(m.hasRelease()), m.getRelease()));
  }

  private static RoundTranscript.Voted decode(FieldPath path, SiteVerdict m) {
    return new RoundTranscript.Voted(
        path.dot("site").fingerprint(m.getSite()),
        SiteMessages.decode(path.dot("verdict").present(m.hasVerdict()), m.getVerdict()));
  }
}
