package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.AuditCheck;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.TranscriptVerifier.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TranscriptVerifierTest {
  private static final TestConsortium CONSORTIUM = TestConsortium.of(5, 1);

  /** Nobody's, and after everybody's in order. */
  private static final Fingerprint STRANGER = Fingerprint.fromHex("ff".repeat(32));

  private static final TranscriptVerifier VERIFIER =
      new TranscriptVerifier(CONSORTIUM.manifest(), TestConsortium.PLAN_HASH);

  /** N = 5, c = 1, t = 4: one site shares its keys and then falls silent. */
  private static RoundTranscript withDropout() {
    return closed(new ProtocolFederation(CONSORTIUM, 1).dropping(1, Dropout.AFTER_SHARES));
  }

  private static RoundTranscript closed(ProtocolFederation federation) {
    federation.run();
    return federation.state.transcript().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_oneDroppedOutUnderAnySuite_soundAndUnmasksTheSum(Suite suite) {
    TestConsortium consortium = TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite));
    ProtocolFederation federation =
        new ProtocolFederation(consortium, 2).dropping(3, Dropout.AFTER_SHARES);
    RoundTranscript transcript = closed(federation);

    Finding finding =
        new TranscriptVerifier(consortium.manifest(), TestConsortium.PLAN_HASH).verify(transcript);

    assertThat(finding).isInstanceOf(Finding.Sound.class);
    assertThat(((Finding.Sound) finding).round().unmasker().unmask(0, federation::readSpool))
        .isEqualTo(federation.sum.read(0));
  }

  @Test
  void verify_allStayed_sound() {
    ProtocolFederation federation = new ProtocolFederation(CONSORTIUM, 1);
    RoundTranscript transcript = closed(federation);

    Finding finding = VERIFIER.verify(transcript);

    assertThat(finding).isInstanceOf(Finding.Sound.class);
    TranscriptVerifier.CheckedRound round = ((Finding.Sound) finding).round();
    assertThat(round.survivors()).hasSize(5);
    assertThat(round.nextModelHash()).isEqualTo(ProtocolFederation.nextModel(federation.sum));
    assertThat(round.unmasker().unmask(0, federation::readSpool)).isEqualTo(federation.sum.read(0));
  }

  @ParameterizedTest
  @EnumSource(names = {"AFTER_KEYS", "AFTER_SHARES", "AFTER_COMMIT", "AFTER_CONFIRMATION"})
  void verify_oneDroppedOut_soundAndUnmasksTheSum(Dropout point) {
    ProtocolFederation federation = new ProtocolFederation(CONSORTIUM, 2).dropping(3, point);
    RoundTranscript transcript = closed(federation);

    Finding finding = VERIFIER.verify(transcript);

    assertThat(finding).isInstanceOf(Finding.Sound.class);
    assertThat(((Finding.Sound) finding).round().unmasker().unmask(0, federation::readSpool))
        .isEqualTo(federation.sum.read(0));
  }

  @Test
  void transcript_beforeAResult_none() {
    ProtocolFederation federation = new ProtocolFederation(CONSORTIUM, 1);

    assertThat(federation.state.transcript()).isEmpty();
  }

  @Test
  void verify_otherManifest_rosterOrSignatures() {
    TranscriptVerifier other =
        new TranscriptVerifier(CONSORTIUM.manifest(), TestConsortium.hash("other manifest"));

    assertThat(other.verify(withDropout()))
        .isInstanceOfSatisfying(
            Finding.Broken.class, broken -> assertThat(broken.check()).isEqualTo(AuditCheck.KEYS));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forgeries")
  void verify_forged_broken(AuditCheck expected, String what, Consumer<TranscriptParts> forge) {
    TranscriptParts parts = new TranscriptParts(withDropout());
    forge.accept(parts);

    assertThat(VERIFIER.verify(parts.transcript()))
        .isInstanceOfSatisfying(
            Finding.Broken.class,
            broken -> assertThat(broken.check()).as(broken.detail()).isEqualTo(expected));
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forgery(AuditCheck.ROSTER, "unordered", p -> p.roster = Forgery.swapping(p.roster, 0)),
        forgery(AuditCheck.ROSTER, "too few", p -> p.roster = Forgery.shortened(p.roster, 2)),
        forgery(
            AuditCheck.ROSTER,
            "another key",
            p ->
                p.roster =
                    Forgery.replacing(
                        p.roster,
                        0,
                        e -> new RosterEntry(e.site(), Forgery.flipped(e.signingKey(), 0)))),
        forgery(AuditCheck.ROSTER, "no such attempt", p -> p.attempt = 4),
        forgery(AuditCheck.KEYS, "another model", p -> p.model = TestConsortium.hash("other")),
        forgery(AuditCheck.KEYS, "another attempt", p -> p.attempt = 1),
        forgery(AuditCheck.KEYS, "too few", p -> p.keys = Forgery.shortened(p.keys, 2)),
        forgery(AuditCheck.KEYS, "unordered", p -> p.keys = Forgery.swapping(p.keys, 1)),
        forgery(AuditCheck.KEYS, "an outsider", p -> p.roster = Forgery.without(p.roster, 4)),
        forgery(
            AuditCheck.KEYS,
            "a stranger besides",
            p -> p.keys = and(p.keys, namedStranger(p.keys.getFirst()))),
        forgery(
            AuditCheck.SHARES,
            "a stranger besides",
            p ->
                p.dealt =
                    and(p.dealt, new RoundTranscript.Dealt(STRANGER, p.dealt.getFirst().shares()))),
        forgery(
            AuditCheck.UPLOADS,
            "a stranger besides",
            p -> p.survivors = and(p.survivors, namedStranger(p.survivors.getFirst()))),
        forgery(
            AuditCheck.RELEASES,
            "a stranger besides",
            p ->
                p.releases =
                    and(
                        p.releases,
                        new RoundTranscript.Released(STRANGER, p.releases.getFirst().release()))),
        forgery(
            AuditCheck.RESULT,
            "whole, but of another coordinator",
            p -> p.result = signed(p, CONSORTIUM.sites().getFirst(), p.result.statement(), 0)),
        forgery(
            AuditCheck.RESULT,
            "another statement, signed",
            p ->
                p.result =
                    signed(p, CONSORTIUM.coordinator(), Forgery.flipped(p.result.statement()), 0)),
        forgery(AuditCheck.SHARES, "another U1", p -> p.keys = Forgery.without(p.keys, 0)),
        forgery(AuditCheck.SHARES, "too few", p -> p.dealt = Forgery.shortened(p.dealt, 2)),
        forgery(
            AuditCheck.SHARES,
            "under another name",
            p ->
                p.dealt =
                    Forgery.replacing(
                        p.dealt,
                        1,
                        d -> new RoundTranscript.Dealt(d.site(), p.dealt.get(2).shares()))),
        forgery(AuditCheck.UPLOADS, "another U2", p -> p.dealt = Forgery.without(p.dealt, 4)),
        forgery(AuditCheck.UPLOADS, "too few", p -> p.survivors = Forgery.without(p.survivors, 0)),
        forgery(
            AuditCheck.UPLOADS,
            "another tag",
            p ->
                p.survivors =
                    Forgery.replacing(
                        p.survivors,
                        0,
                        s ->
                            new ToSite.Survivor(
                                s.site(), s.root(), s.tag0() ^ 1, s.tag1(), s.signature()))),
        forgery(AuditCheck.QUORUM, "t-1 signatures", p -> p.quorum = Forgery.without(p.quorum, 0)),
        forgery(
            AuditCheck.QUORUM, "one signer twice", p -> p.quorum = Forgery.repeating(p.quorum, 0)),
        forgery(
            AuditCheck.QUORUM,
            "signature of another",
            p ->
                p.quorum =
                    Forgery.replacing(
                        p.quorum,
                        0,
                        e ->
                            new ToSite.Endorsement(
                                e.site(), e.statement(), p.quorum.get(1).signature()))),
        forgery(
            AuditCheck.QUORUM,
            "another statement",
            p ->
                p.quorum =
                    Forgery.replacing(
                        p.quorum,
                        2,
                        e ->
                            new ToSite.Endorsement(
                                e.site(), Forgery.flipped(e.statement()), e.signature()))),
        forgery(
            AuditCheck.RELEASES, "t-1 releases", p -> p.releases = Forgery.without(p.releases, 0)),
        forgery(
            AuditCheck.RELEASES,
            "another self mask",
            p -> p.releases = Forgery.replacing(p.releases, 0, r -> otherSelfMask(r))),
        forgery(
            AuditCheck.RESULT,
            "another root",
            p -> p.result = with(p.result, Forgery.flipped(p.result.resultRoot()))),
        forgery(AuditCheck.RESULT, "signed by a site", p -> p.result = signedBySite(p.result)),
        forgery(AuditCheck.TAGS, "another tag, signed", p -> p.result = otherTag(p)));
  }

  private static Arguments forgery(
      AuditCheck expected, String what, Consumer<TranscriptParts> forge) {
    return Arguments.of(expected, what, forge);
  }

  private static ToSite.Result with(ToSite.Result honest, Hash root) {
    return new ToSite.Result(
        honest.statement(),
        root,
        honest.tag0(),
        honest.tag1(),
        honest.coordinatorKey(),
        honest.signature());
  }

  private static ToSite.Result signedBySite(ToSite.Result honest) {
    return new ToSite.Result(
        honest.statement(),
        honest.resultRoot(),
        honest.tag0(),
        honest.tag1(),
        CONSORTIUM.sites().getFirst().publicKey(),
        honest.signature());
  }

  private static ToSite.Result otherTag(TranscriptParts parts) {
    return signed(parts, CONSORTIUM.coordinator(), parts.result.statement(), 1);
  }

  /** A result signed with {@code key} in the coordinator's name, {@code tag0} off by so much. */
  private static ToSite.Result signed(
      TranscriptParts parts, SigningKey key, Hash statement, long off) {
    Hash context = AttemptContext.of(CONSORTIUM.terms(), parts.start()).hash();
    ToSite.Result honest = parts.result;
    long tag = honest.tag0() == 0 ? off : honest.tag0() - off;
    return new ToSite.Result(
        statement,
        honest.resultRoot(),
        tag,
        honest.tag1(),
        key.publicKey(),
        key.sign(
            SignedContent.result(statement, honest.resultRoot(), tag, honest.tag1())
                .message(context, CONSORTIUM.coordinator().fingerprint())));
  }

  private static <T> List<T> and(List<T> all, T last) {
    return Stream.concat(all.stream(), Stream.of(last)).toList();
  }

  private static FromSite.Advertisement namedStranger(FromSite.Advertisement ad) {
    return new FromSite.Advertisement(
        STRANGER,
        strangersKey("channel"),
        strangersKey("mask"),
        ad.selfMaskCommitment(),
        ad.tagKeyCommitment(),
        ad.signature());
  }

  private static AgreementPublicKey strangersKey(String name) {
    return AgreementKey.classical(TestConsortium.secret("a stranger's " + name)).publicKey();
  }

  private static ToSite.Survivor namedStranger(ToSite.Survivor upload) {
    return new ToSite.Survivor(
        STRANGER, upload.root(), upload.tag0(), upload.tag1(), upload.signature());
  }

  private static RoundTranscript.Released otherSelfMask(RoundTranscript.Released honest) {
    FromSite.Release release = honest.release();
    return new RoundTranscript.Released(
        honest.site(),
        new FromSite.Release(
            Forgery.flipped(release.selfMask(), 3), release.shares(), release.signature()));
  }
}
