package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.Fields;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.core.secagg.site.ResultVerifier;
import org.junit.jupiter.api.Test;

/** Sums that are not the sum. */
class SumCasesTest {
  private static final int COLLUDER = 3;

  private final Federation federation = Federation.of(5, 1);
  private final ByName<FromSite.Advertisement> keys = new ByName<>();
  private byte[] dealers = new byte[0];

  @Test
  void case26_oneCoordinateAltered_tagFails() {
    assertForged(sum -> sum.with(2, sum.get(2) + 1));
  }

  @Test
  void case26_weightAltered_tagFails() {
    int weight = (int) federation.consortium.manifest().layout().parameterCount();
    assertForged(sum -> sum.with(weight, sum.get(weight) - 1));
  }

  @Test
  void case26_signFlipped_tagFails() {
    assertForged(sum -> sum.times(-1));
  }

  @Test
  void case26_scaledByTwo_tagFails() {
    assertForged(sum -> sum.times(2));
  }

  @Test
  void case26_zero_tagFails() {
    assertForged(sum -> sum.times(0));
  }

  @Test
  void case26_olderSum_tagFails() {
    RingVector older = new Federation(federation.consortium, 2).run().sum();
    assertForged(sum -> older);
  }

  @Test
  void case26_oneSiteLeftOut_tagFails() {
    assertForged(sum -> sum.minus(federation.site(4).update(TestConsortium.round(1))));
  }

  @Test
  void case26_theSumItself_accepted() {
    federation.published = sum -> sum.with(0, sum.get(0));
    federation.run();

    assertThat(federation.published()).isTrue();
    assertThat(federation.sites).allSatisfy(site -> assertThat(site.refusals).isEmpty());
  }

  @Test
  void case26_oneSitesFalseTag_failsToo() {
    List<Boolean> clears = new ArrayList<>();
    federation.site(0).audits = verifier -> clears.add(auditConfirms(verifier));
    federation
        .collude(COLLUDER)
        .hookToSites((to, message) -> {
          if (message instanceof ToSite.SharesFor shares) {
            dealers = NaiveRound.dealerSetHash(keys, shares.sharers());
          }
          return List.of(message);
        })
        .hookFromSites((from, message) -> {
          if (message instanceof FromSite.Advertisement ad) {
            keys.put(from.name(), ad);
          }
          return List.of(message);
        })
        .alterFrom(COLLUDER, FromSite.UploadCommit.class, this::withFalseTag)
        .run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.counted()).hasSize(5);
    assertThat(clears).as("the audit clears the coordinator").containsExactly(true);
    assertThat(federation.sites)
        .filteredOn(site -> site.number != COLLUDER)
        .allSatisfy(site -> assertThat(site.refusals).containsExactly(SiteRefusal.RESULT_FORGED));
  }

  /** Whether the sum is what the one chunk of every upload sums up to without its masks. */
  private boolean auditConfirms(ResultVerifier verifier) {
    SumAuditor auditor = verifier.auditor(federation.revelation()).orElseThrow();
    SumAuditor.ChunkAudit audit = auditor.begin(0);
    for (Fingerprint site : auditor.survivors()) {
      byte[] chunk = federation.spool(federation.state().attempt()).get(site).getFirst();
      assertThat(audit.add(chunk, List.of())).isTrue();
    }
    return audit.confirms(federation.sum().read(0));
  }

  private FromSite.UploadCommit withFalseTag(FromSite.UploadCommit commit) {
    long false0 = commit.tag0() == 0 ? 1 : commit.tag0() - 1;
    Fields fields =
        new Fields()
            .hash(Hash.of(dealers))
            .u64(commit.lengthElements())
            .hash(commit.root())
            .u64(false0)
            .u64(commit.tag1());
    return new FromSite.UploadCommit(
        commit.root(),
        commit.chunkCount(),
        commit.lengthElements(),
        false0,
        commit.tag1(),
        Script.signature(
            federation.site(COLLUDER).key, federation.state().context(), "upload", fields));
  }

  @Test
  void case30_randomRingElements_coordinatorGivesUp() {
    federation.collude(COLLUDER);
    federation.site(COLLUDER).masks = SumCasesTest::random;
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_IMPLAUSIBLE);
  }

  @Test
  void case30_randomRingElements_sitesRefuseThemAsWell() {
    federation.collude(COLLUDER);
    federation.site(COLLUDER).masks = SumCasesTest::random;
    federation.coordinatorChecksGates = false;
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.site(0).lastRefusal())
        .hasValueSatisfying(reason ->
            assertThat(reason)
                // A random vector may wrap the sum, and then the tag fails first.
                .isIn(SiteRefusal.RESULT_IMPLAUSIBLE, SiteRefusal.RESULT_FORGED));
  }

  private static RingVector random(RingVector update) {
    Random random = new Random(30);
    return update.map(_ -> random.nextInt());
  }

  private void assertForged(UnaryOperator<RingVector> forgery) {
    federation.published = forgery;
    federation.coordinatorChecksGates = false;
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.sites)
        .allSatisfy(site -> assertThat(site.refusals).containsExactly(SiteRefusal.RESULT_FORGED));
  }
}
