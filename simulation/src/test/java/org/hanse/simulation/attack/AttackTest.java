package org.hanse.simulation.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.simulation.attack.ForgeSum.Forgery;
import org.hanse.simulation.attack.ForgeSum.Sum;
import org.hanse.simulation.demo.LocalConsortium;
import org.hanse.simulation.demo.LocalConsortium.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dishonest coordinator against real agents: who refuses, why, and what never left. */
@Timeout(60)
class AttackTest {
  @TempDir private Path directory;
  private final List<Recorder> recorders = new CopyOnWriteArrayList<>();

  @Test
  void play_frontThatChangesNothing_roundIsClosedAtEverySite() throws Exception {
    try (LocalConsortium consortium = start(2, backstage -> new Script() {})) {
      for (SiteId site : consortium.sites()) {
        consortium.awaitClosed(site, 2);
      }
      assertThat(consortium.told()).noneMatch(Event.Refused.class::isInstance);
    }
    assertThat(recorder().sent(FromSite.Release.class)).hasSize(10);
    recorder().assertOneKindOfShare();
  }

  @ParameterizedTest
  @EnumSource
  void play_attack_refusedWhereAndForWhatItSays(Attack attack) throws Exception {
    try (LocalConsortium consortium = start(attack.rounds(), attack::script)) {
      for (Attack.Refusal refusal : attack.refusals()) {
        var _ = consortium.awaitRefusal(refusal.site(), refusal.check());
      }
      recorder().assertOneKindOfShare();
      if (attack != Attack.FORGE_SUM && attack != Attack.REPLAY_ROUND) {
        assertThat(recorder().sent(FromSite.Release.class))
            .extracting(Recorder.Sent::site)
            .doesNotContainAnyElementsOf(
                attack.refusals().stream().map(Attack.Refusal::site).toList());
      }
    }
  }

  @Test
  void twoSurvivorSets_nobodyReleases() throws Exception {
    try (LocalConsortium consortium = start(1, TwoSurvivorSets::new)) {
      for (SiteId site : consortium.sites()) {
        var _ = consortium.awaitRefusal(site, "QUORUM_INVALID");
      }
    }
    assertThat(recorder().sent(FromSite.Confirmation.class)).hasSize(5);
    assertThat(recorder().sent(FromSite.Release.class)).isEmpty();
  }

  @Test
  void partition_nobodyConfirmsAnything() throws Exception {
    try (LocalConsortium consortium = start(1, Partition::new)) {
      var _ = consortium.awaitRefusal(Attack.site(5), "COHORT_TOO_SMALL");
      for (int left = 1; left <= 3; left++) {
        var _ = consortium.awaitRefusal(Attack.site(left), "SIGNATURE_INVALID");
      }
    }
    assertThat(recorder().sent(FromSite.Shares.class)).hasSize(4);
    assertThat(recorder().sent(FromSite.Confirmation.class)).isEmpty();
    assertThat(recorder().sent(FromSite.Release.class)).isEmpty();
  }

  @Test
  void forgeSum_scaledByTwoWithItsTags_everySiteRefuses() throws Exception {
    assertForged(honest -> {
      List<Integer> doubled = honest.elements().stream().map(element -> 2 * element).toList();
      return new Sum(
          doubled,
          Mersenne61.add(honest.tag0(), honest.tag0()),
          Mersenne61.add(honest.tag1(), honest.tag1()));
    });
  }

  @Test
  void forgeSum_coordinatesSwapped_everySiteRefuses() throws Exception {
    assertForged(honest -> {
      List<Integer> swapped = new ArrayList<>(honest.elements());
      Collections.swap(swapped, 0, 1);
      return new Sum(swapped, honest.tag0(), honest.tag1());
    });
  }

  @Test
  void forgeSum_coordinateCopied_everySiteRefuses() throws Exception {
    assertForged(honest -> honest.withElement(0, honest.elements().get(1)));
  }

  private void assertForged(Forgery forgery) throws Exception {
    List<Sum> honest = new CopyOnWriteArrayList<>();
    List<Sum> forged = new CopyOnWriteArrayList<>();
    Forgery remembered =
        sum -> {
          honest.add(sum);
          forged.add(forgery.forge(sum));
          return forged.getLast();
        };
    try (LocalConsortium consortium = start(1, backstage -> new ForgeSum(backstage, remembered))) {
      for (SiteId site : consortium.sites()) {
        var _ = consortium.awaitRefusal(site, "RESULT_FORGED");
      }
      assertThat(consortium.told()).noneMatch(Event.Closed.class::isInstance);
    }
    assertThat(forged.getFirst().elements()).isNotEqualTo(honest.getFirst().elements());
  }

  @Test
  void forgeSum_olderSumWithItsTags_everySiteRefuses() throws Exception {
    List<Sum> honest = new CopyOnWriteArrayList<>();
    Forgery older =
        sum -> {
          honest.add(sum);
          return honest.getFirst();
        };
    try (LocalConsortium consortium = start(2, backstage -> new ForgeSum(backstage, older))) {
      for (SiteId site : consortium.sites()) {
        consortium.awaitClosed(site, 1);
        assertThat(consortium.awaitRefusal(site, "RESULT_FORGED").round()).isEqualTo(2);
      }
    }
  }

  @Test
  void bothShareKinds_askedAfterAReconnect_siteReleasesOne() throws Exception {
    List<BothShareKinds> script = new CopyOnWriteArrayList<>();
    try (LocalConsortium consortium = start(1, backstage -> both(backstage, script))) {
      script.getFirst().awaitReleased();
      consortium.cut(BothShareKinds.VICTIM);
      script.getFirst().askAgain(false);
      script.getFirst().awaitAnswers();

      assertThat(consortium.refusals(BothShareKinds.VICTIM))
          .containsExactly("ROUND_ALREADY_RELEASED");
    }
    assertReleasedOnce();
  }

  @Test
  void bothShareKinds_askedAfterARestart_siteReleasesOne() throws Exception {
    List<BothShareKinds> script = new CopyOnWriteArrayList<>();
    try (LocalConsortium consortium = start(1, backstage -> both(backstage, script))) {
      script.getFirst().awaitReleased();
      consortium.stop(BothShareKinds.VICTIM);
      script.getFirst().askAgain(true);
      consortium.start(BothShareKinds.VICTIM);
      script.getFirst().awaitAnswers();

      assertThat(consortium.refusals(BothShareKinds.VICTIM))
          .containsExactly(
              "ROUND_ALREADY_RELEASED",
              "ATTEMPT_ALREADY_JOINED",
              "ATTEMPT_ALREADY_JOINED",
              "ROUND_ALREADY_RELEASED");
    }
    assertReleasedOnce();
  }

  private static Script both(Backstage backstage, List<BothShareKinds> script) {
    script.add(new BothShareKinds(backstage));
    return script.getFirst();
  }

  private void assertReleasedOnce() {
    assertThat(recorder().sent(FromSite.Release.class))
        .filteredOn(sent -> sent.site().equals(BothShareKinds.VICTIM))
        .extracting(Recorder.Sent::message)
        .containsOnly(
            recorder().sent(FromSite.Release.class).stream()
                .filter(sent -> sent.site().equals(BothShareKinds.VICTIM))
                .findFirst()
                .orElseThrow()
                .message());
    recorder().assertOneKindOfShare();
  }

  private LocalConsortium start(long rounds, Function<Backstage, Script> script) throws Exception {
    return new LocalConsortium(
        directory,
        rounds,
        backstage -> {
          Recorder made = new Recorder(script.apply(backstage));
          recorders.add(made);
          return made;
        });
  }

  private Recorder recorder() {
    return recorders.getFirst();
  }
}
