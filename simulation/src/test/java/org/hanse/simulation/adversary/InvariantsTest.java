package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.site.JournalEntry;
import org.junit.jupiter.api.Test;

/** The invariants find what they are there to find: runs that break them, made from good ones. */
class InvariantsTest {
  private final Federation federation = Federation.of(5, 1).run();
  private final Run good = federation.asRun();
  private final AttemptId attempt = TestConsortium.attempt(1, 0);
  private final AttemptId next = TestConsortium.attempt(1, 1);
  private final Fingerprint site = federation.name(0);

  @Test
  void violations_honestRun_none() {
    assertThat(good.all(Happening.Unmasked.class)).hasSize(1);
    assertThat(Invariants.violations(good)).isEmpty();
  }

  @Test
  void violations_sumOffByOne_found() {
    assertFound(
        changed(happening ->
            happening instanceof Happening.Unmasked(var id, var survivors, var sum)
                ? new Happening.Unmasked(id, survivors, sum.with(0, sum.get(0) + 1))
                : happening),
        "is not that of its updates");
  }

  @Test
  void violations_sumWithoutReleases_found() {
    assertFound(
        without(happening -> happening.message() instanceof FromSite.Release), "too few releases");
  }

  @Test
  void violations_secondSum_found() {
    assertFound(with(good.all(Happening.Unmasked.class).findFirst().orElseThrow()), "were opened");
  }

  @Test
  void violations_secondStatementWithReleases_found() {
    Happening[] second =
        good.all(Happening.Journalled.class)
            .filter(journalled -> journalled.entry() instanceof JournalEntry.Released)
            .map(journalled ->
                new Happening.Journalled(
                    journalled.site(),
                    new JournalEntry.Released(
                        next,
                        TestConsortium.hash("ctx"),
                        federation.consortium.initialModel(),
                        TestConsortium.hash("another statement"))))
            .toArray(Happening[]::new);

    assertFound(with(second), "can be opened");
  }

  @Test
  void violations_releaseOnAStatementThatTooFewSigned_found() {
    assertFound(
        without(sent -> sent.message() instanceof FromSite.Confirmation), "below the threshold");
  }

  @Test
  void violations_bothKindsOfShareForAPeer_found() {
    FromSite.Release other = flipped(releaseOf(site));

    assertFound(
        with(
            new Happening.Opened(next, rosterNames()),
            new Happening.Ended(next),
            new Happening.Sent(site, next, other)),
        "both kinds of share");
  }

  @Test
  void violations_bothSecretsOfASite_found() {
    Fingerprint victim = federation.name(4);
    Run run =
        changed(happening ->
            happening instanceof Happening.Sent(var from, var id, FromSite.Release release)
                    && !from.equals(victim)
                ? new Happening.Sent(from, id, flipped(release))
                : happening);

    assertFound(run, "both secrets of " + victim);
  }

  @Test
  void violations_secondRelease_found() {
    FromSite.Release first = releaseOf(site);
    FromSite.Release second =
        new FromSite.Release(first.selfMask(), first.shares(), releaseOf(site(1)).signature());

    assertFound(with(new Happening.Sent(site, attempt, second)), "released 2 times");
  }

  @Test
  void violations_messageBeforeItsJournalEntry_found() {
    assertFound(withoutJournalled(JournalEntry.Released.class), "Release of");
    assertFound(withoutJournalled(JournalEntry.Joined.class), "Advertisement of");
  }

  @Test
  void violations_attemptWithoutEnd_found() {
    assertFound(with(new Happening.Opened(next, rosterNames())), "did not end");
  }

  @Test
  void violations_secretLeft_found() {
    assertFound(with(new Happening.Left(site, 1)), "still holds 1 secrets");
  }

  @Test
  void violations_whatAColludingSiteDoes_isNotPromised() {
    Run run =
        with(
            new Happening.Opened(next, rosterNames()),
            new Happening.Ended(next),
            new Happening.Sent(site, next, flipped(releaseOf(site))));

    assertThat(Invariants.violations(run)).isNotEmpty();
    assertThat(Invariants.violations(new Run(good.threshold(), Set.of(site), run.happenings())))
        .isEmpty();
  }

  private static void assertFound(Run run, String what) {
    assertThat(Invariants.violations(run)).anyMatch(violation -> violation.contains(what));
  }

  private Fingerprint site(int number) {
    return federation.name(number);
  }

  private List<Fingerprint> rosterNames() {
    return federation.sites.stream().map(SimulatedSite::name).toList();
  }

  private FromSite.Release releaseOf(Fingerprint from) {
    return good.all(Happening.Sent.class)
        .filter(sent -> sent.site().equals(from))
        .map(Happening.Sent::message)
        .filter(FromSite.Release.class::isInstance)
        .map(FromSite.Release.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Every share under the other kind. */
  private static FromSite.Release flipped(FromSite.Release release) {
    return new FromSite.Release(
        release.selfMask(),
        release.shares().stream()
            .map(share ->
                new FromSite.ReleasedShare(
                    share.peerIndex(), FromSite.ShareKind.MASK_KEY, share.share()))
            .toList(),
        release.signature());
  }

  private Run with(Happening... more) {
    return run(Stream.concat(good.happenings().stream(), Stream.of(more)).toList());
  }

  private Run changed(UnaryOperator<Happening> change) {
    return run(good.happenings().stream().map(change).toList());
  }

  private Run without(Predicate<Happening.Sent> left) {
    return run(
        good.happenings().stream()
            .filter(happening -> !(happening instanceof Happening.Sent sent && left.test(sent)))
            .toList());
  }

  private Run withoutJournalled(Class<? extends JournalEntry> kind) {
    return run(
        good.happenings().stream()
            .filter(happening ->
                !(happening instanceof Happening.Journalled(var from, var entry)
                    && kind.isInstance(entry)))
            .toList());
  }

  private Run run(List<Happening> happenings) {
    return new Run(good.threshold(), good.colluding(), new ArrayList<>(happenings));
  }
}
