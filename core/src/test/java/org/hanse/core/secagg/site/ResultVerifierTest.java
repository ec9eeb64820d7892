package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.IntVector;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.core.secagg.mask.TagKey;
import org.junit.jupiter.api.Test;

/** What a site checks of a sum beyond its tags. Five sites, of whom one dropped out. */
class ResultVerifierTest {
  private static final TestConsortium CONSORTIUM = TestConsortium.of(5, 1);
  private final List<Revelation> revealed = new ArrayList<>();
  private final ProtocolFederation federation = run();
  private final ToSite.Result result = federation.state.transcript().orElseThrow().result();
  private final Revelation revelation = revealed.getFirst();

  private ProtocolFederation run() {
    ProtocolFederation attempt =
        new ProtocolFederation(CONSORTIUM, 1).dropping(1, Dropout.AFTER_SHARES);
    attempt.publishedSum =
        sum -> {
          attempt.effects.stream()
              .filter(AggregationEffect.Unmask.class::isInstance)
              .forEach(
                  effect -> revealed.add(((AggregationEffect.Unmask) effect).revelation().copy()));
          return sum;
        };
    return attempt.run();
  }

  @Test
  void auditor_secretsThatTheReleasesOpened_confirmsTheSumAlone() {
    SumAuditor auditor = verifier(result).auditor(revelation).orElseThrow();
    SumAuditor.ChunkAudit audit = auditor.begin(0);
    for (Fingerprint site : auditor.survivors()) {
      assertThat(audit.add(federation.readSpool(site, 0).clone(), List.of())).isTrue();
    }
    int[] altered = federation.sum.read(0);
    altered[3]++;

    assertThat(audit.confirms(federation.sum.read(0))).isTrue();
    assertThat(audit.confirms(altered)).isFalse();
  }

  @Test
  void auditor_erased_leavesTheRevelationToItsOwner() {
    SumAuditor auditor = verifier(result).auditor(revelation).orElseThrow();

    auditor.erase();

    assertThat(Secrets.in(revelation)).hasSize(5);
    assertThat(verifier(result).auditor(revelation)).isPresent();
  }

  @Test
  void auditor_secretMissingOrOfAnotherSite_none() {
    for (Fingerprint site : revelation.sites()) {
      SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
      revelation.sites().forEach(other -> secrets.put(other, revelation.of(other)));
      secrets.remove(site);
      assertThat(verifier(result).auditor(shown(secrets))).isEmpty();
      secrets.put(site, TestConsortium.secret("another"));
      assertThat(verifier(result).auditor(shown(secrets))).isEmpty();
    }
  }

  private Revelation shown(SortedMap<Fingerprint, SecretBytes> secrets) {
    return new Revelation(secrets, revelation.encapsulations());
  }

  @Test
  void auditor_eitherTagNotTheUploadsSum_none() {
    assertThat(verifier(withTags(result.tag0() ^ 1, result.tag1())).auditor(revelation)).isEmpty();
    assertThat(verifier(withTags(result.tag0(), result.tag1() ^ 1)).auditor(revelation)).isEmpty();
  }

  private ToSite.Result withTags(long tag0, long tag1) {
    return new ToSite.Result(
        result.statement(),
        result.resultRoot(),
        tag0,
        tag1,
        result.coordinatorKey(),
        result.signature());
  }

  @Test
  void verify_sumCutOtherwise_forged() {
    IntVector cut = new IntVector(federation.sum.elements(), 5);

    assertThat(verifier(result).verify(cut)).contains(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void isSigned_sumOfTheRootOrAnother_tells() {
    assertThat(verifier(result).isSigned(federation.sum)).isTrue();
    assertThat(verifier(result).isSigned(federation.sum.with(3, federation.sum.get(3) + 1)))
        .isFalse();
  }

  @Test
  void auditChunks_always_theManifests() {
    assertThat(verifier(result).auditChunks())
        .isEqualTo(CONSORTIUM.manifest().aggregation().auditChunks())
        .isBetween(1, Limits.MAX_AUDIT_CHUNKS);
  }

  private ResultVerifier verifier(ToSite.Result signed) {
    AttemptContext context =
        AttemptContext.of(CONSORTIUM.terms(), federation.state.transcript().orElseThrow().start());
    SurvivorSet survivors =
        ((AggregationState.Closed) federation.state).outcome().agreement().survivors();
    TagKey tagKey =
        TagKey.of(context.hash(), survivors.dealers().hash(), List.of(TestConsortium.secret("k")));
    return new ResultVerifier(context, survivors, tagKey, signed);
  }
}
