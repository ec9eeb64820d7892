package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.AuditCheck;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.coordinator.TranscriptVerifier.Finding;
import org.hanse.core.secagg.site.UncalledRelease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Honestly signed by a site that had no say at that step; and verdicts. N = 5, c = 1, t = 4. */
class TranscriptSignersTest {
  private static final TestConsortium CONSORTIUM = TestConsortium.of(5, 1);
  private static final int DROPOUT = 1;
  private final ProtocolFederation federation = new ProtocolFederation(CONSORTIUM, 1);

  @Test
  void verify_sharesOfASiteWithoutKeys_broken() {
    TranscriptParts parts = closed(Dropout.BEFORE_KEYS);
    SigningKey keyless = federation.site(DROPOUT).identity;
    Hash context = context(parts);
    KeySet keys = KeySet.of(parts.keys);
    List<FromSite.ShareEntry> entries =
        parts.keys.stream().map(ad -> anyEntryFor(ad.site(), parts)).toList();
    Hash root = Commitments.entryRoot(context, keyless.fingerprint(), entries);
    Bytes signature = SignedContent.shares(keys.hash(), root).signedBy(keyless, context);
    parts.dealt =
        Stream.concat(
                parts.dealt.stream(),
                Stream.of(
                    new RoundTranscript.Dealt(
                        keyless.fingerprint(),
                        new FromSite.Shares(keys.hash(), entries, root, signature))))
            .sorted(Comparator.comparing(RoundTranscript.Dealt::site))
            .toList();

    assertBroken(parts, AuditCheck.SHARES);
  }

  private static FromSite.ShareEntry anyEntryFor(Fingerprint holder, TranscriptParts parts) {
    return parts.dealt.stream()
        .flatMap(dealer -> dealer.shares().entries().stream())
        .filter(entry -> entry.to().equals(holder))
        .findFirst()
        .orElseThrow();
  }

  /** Its shares would do, but it has not confirmed whose sum they open. */
  @Test
  void verify_releaseOfADealerWhoseUploadIsNotInTheSum_broken() {
    TranscriptParts parts = closed(Dropout.DURING_UPLOAD);
    AggregationState.Agreement agreement =
        ((AggregationState.Closed) federation.state).outcome().agreement();
    SimulatedSite dropout = federation.site(DROPOUT);
    FromSite.Release uncalled =
        UncalledRelease.of(dropout, agreement.survivors(), agreement.statement());
    parts.releases =
        Stream.concat(
                parts.releases.stream(),
                Stream.of(new RoundTranscript.Released(dropout.name(), uncalled)))
            .sorted(Comparator.comparing(RoundTranscript.Released::site))
            .toList();

    assertBroken(parts, AuditCheck.RELEASES);
  }

  @Test
  void verify_verdictOfAStranger_broken() {
    TranscriptParts parts = closed(Dropout.AFTER_SHARES);
    SigningKey stranger = TestConsortium.signingKey("stranger");
    parts.verdicts =
        Forgery.replacing(parts.verdicts, 0, _ -> vote(parts, stranger, Optional.of(next())))
            .stream()
            .sorted(Comparator.comparing(RoundTranscript.Voted::site))
            .toList();

    assertBroken(parts, AuditCheck.VERDICTS);
  }

  @Test
  void verify_verdictsUnorderedOrOneTwice_broken() {
    TranscriptParts parts = closed(Dropout.AFTER_SHARES);
    List<RoundTranscript.Voted> honest = parts.verdicts;

    parts.verdicts = Forgery.swapping(honest, 0);
    assertBroken(parts, AuditCheck.VERDICTS);
    parts.verdicts = Forgery.repeating(honest.subList(0, 1), 0);
    assertBroken(parts, AuditCheck.VERDICTS);
  }

  @Test
  void verify_verdictOnAnotherModelThanWasSigned_broken() {
    TranscriptParts parts = closed(Dropout.AFTER_SHARES);
    parts.verdicts =
        Forgery.replacing(
            parts.verdicts,
            0,
            v ->
                new RoundTranscript.Voted(
                    v.site(),
                    new FromSite.Verdict(
                        true,
                        v.verdict().resultRoot(),
                        Forgery.flipped(v.verdict().nextModelHash()),
                        v.verdict().signature())));

    assertBroken(parts, AuditCheck.VERDICTS);
  }

  /** More than c must have made one model, and no more than c have refused the sum. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, false",
    "2, 0, 0, true",
    "2, 1, 0, true",
    "3, 2, 0, false",
    "2, 0, 1, true",
    "1, 0, 1, false",
    "0, 1, 0, false"
  })
  void verify_verdicts_countAgainstTheColluding(int ok, int refusals, int others, boolean sound) {
    TranscriptParts parts = closed(Dropout.AFTER_RELEASE);
    List<SigningKey> voters = CONSORTIUM.sites().subList(0, ok + refusals + others);
    parts.verdicts =
        voters.stream()
            .map(key -> {
              int number = voters.indexOf(key);
              if (number < ok) {
                return vote(parts, key, Optional.of(next()));
              }
              return vote(
                  parts,
                  key,
                  number < ok + refusals
                      ? Optional.empty()
                      : Optional.of(TestConsortium.hash("another model")));
            })
            .toList();

    if (sound) {
      assertThat(verify(parts))
          .isInstanceOfSatisfying(
              Finding.Sound.class,
              finding -> assertThat(finding.round().nextModelHash()).isEqualTo(next()));
    } else {
      assertBroken(parts, AuditCheck.VERDICTS);
    }
  }

  private Hash next() {
    return ProtocolFederation.nextModel(federation.sum);
  }

  /** For {@code model}, or against any. */
  private static RoundTranscript.Voted vote(
      TranscriptParts parts, SigningKey key, Optional<Hash> model) {
    Hash root = parts.result.resultRoot();
    Hash next = model.orElse(FromSite.Verdict.NO_MODEL);
    return new RoundTranscript.Voted(
        key.fingerprint(),
        new FromSite.Verdict(
            model.isPresent(),
            root,
            next,
            SignedContent.verdict(model.isPresent(), root, next).signedBy(key, context(parts))));
  }

  private static Hash context(TranscriptParts parts) {
    return AttemptContext.of(CONSORTIUM.terms(), parts.start()).hash();
  }

  private TranscriptParts closed(Dropout point) {
    federation.dropping(DROPOUT, point).run();
    return new TranscriptParts(federation.state.transcript().orElseThrow());
  }

  private static Finding verify(TranscriptParts parts) {
    return new TranscriptVerifier(CONSORTIUM.manifest(), TestConsortium.PLAN_HASH)
        .verify(parts.transcript());
  }

  private static void assertBroken(TranscriptParts parts, AuditCheck check) {
    assertThat(verify(parts))
        .isInstanceOfSatisfying(
            Finding.Broken.class,
            broken -> assertThat(broken.check()).as(broken.detail()).isEqualTo(check));
  }
}
