package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.value.UploadedChunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site recomputes chunks of the sum before it votes. */
class AgentAuditTest {
  @TempDir private Path directory;
  private AgentFixture fixture;

  @BeforeEach
  void makeConsortium() {
    fixture = new AgentFixture(new TestJob(TestJob.Options.DEFAULT.rounds(1)), directory);
  }

  @AfterEach
  void stopAgent() throws InterruptedException {
    fixture.stopAll();
  }

  private FromSite.Verdict verdict() throws Exception {
    fixture.start();
    fixture.awaitJobEnd();
    return fixture.consortium.fromAgent.values().stream()
        .flatMap(List::stream)
        .filter(FromSite.Verdict.class::isInstance)
        .map(FromSite.Verdict.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private void assertRefused(SiteRefusal reason) throws Exception {
    assertThat(verdict().ok()).isFalse();
    assertThat(fixture.events.starting("refused job-1/1 " + reason)).hasSize(1);
  }

  @Test
  void check_honestCoordinator_everyUploadIsFetchedAndTheVerdictIsOk() throws Exception {
    AtomicInteger fetched = new AtomicInteger();
    fixture.consortium.chunkRewriter =
        chunk -> {
          fetched.incrementAndGet();
          return chunk;
        };

    assertThat(verdict().ok()).isTrue();
    assertThat(fetched).hasValue(TestJob.SITES);
  }

  /** The tag fits, as a colluding site gave its key away: only the audit sees the forgery. */
  @Test
  void check_coordinatorColludesWithASite_isRefused() throws Exception {
    fixture.consortium.colludes = true;

    assertRefused(SiteRefusal.SUM_UNPROVEN);
  }

  /** The tag does not fit, and the audit does not clear the coordinator. */
  @Test
  void check_coordinatorForgesAlone_isNotClearedByTheAudit() throws Exception {
    fixture.consortium.forges = true;

    assertRefused(SiteRefusal.RESULT_FORGED);
  }

  /** The tag does not fit, and yet the coordinator has added what was uploaded. */
  @Test
  void check_siteSignedAFalseTag_coordinatorIsCleared() throws Exception {
    fixture.consortium.makePeerTagFalsely();

    assertRefused(SiteRefusal.FALSE_TAG);
  }

  @Test
  void check_coordinatorShowsNothing_isRefused() throws Exception {
    fixture.consortium.revelationRewriter = shown -> Optional.empty();

    assertRefused(SiteRefusal.SUM_UNPROVEN);
  }

  /** As a coordinator does that was restarted in a later round. */
  @Test
  void check_roundWentOnAndNothingIsLeftToAudit_nobodyIsAccused() throws Exception {
    fixture.consortium.revelationRewriter =
        shown -> {
          fixture.consortium.loseAgent();
          return Optional.empty();
        };
    fixture.start();
    fixture.awaitJobEnd();

    assertThat(fixture.events.starting("refused")).isEmpty();
    assertThat(fixture.events.starting("round-spent job-1/1")).hasSize(1);
    assertThat(fixture.consortium.published).hasSize(1);
  }

  @Test
  void check_coordinatorShowsOtherSecrets_isRefused() throws Exception {
    fixture.consortium.revelationRewriter =
        shown -> {
          Map<Fingerprint, SecretBytes> others = new TreeMap<>();
          shown
              .orElseThrow()
              .sites()
              .forEach(site -> others.put(site, SecretBytes.copyOf(new byte[32])));
          return Optional.of(new Revelation(new TreeMap<>(others), Encapsulations.NONE));
        };

    assertRefused(SiteRefusal.SUM_UNPROVEN);
  }

  @Test
  void check_coordinatorShowsAnotherUpload_isRefused() throws Exception {
    fixture.consortium.chunkRewriter =
        chunk -> {
          byte[] altered = chunk.data().clone();
          altered[3] ^= 1;
          return new UploadedChunk(altered, chunk.path());
        };

    assertRefused(SiteRefusal.SUM_UNPROVEN);
  }
}
