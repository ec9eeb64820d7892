package org.hanse.simulation.demo;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.attack.Attack;
import org.hanse.simulation.attack.grpc.LyingFront;
import org.hanse.simulation.demo.DemoEvent.AttackBegins;
import org.hanse.simulation.demo.DemoEvent.AttackEnded;
import org.hanse.simulation.demo.DemoEvent.Lied;
import org.hanse.simulation.demo.DemoEvent.SiteRefused;
import org.hanse.simulation.process.Child;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.jspecify.annotations.Nullable;

/**
 * One attack on the sites' programs: a dishonest coordinator in front of the honest one, until the
 * sites have refused. What they do is known from their own words alone.
 */
final class AttackRun implements AutoCloseable {
  /** No step of the attacks waits for a deadline: this is for a machine that is busy otherwise. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration BEFORE_JUDGING = Duration.ofSeconds(1);

  private final Attack attack;
  private final ConsortiumFiles files;
  private final Report report;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private @Nullable LyingFront front;

  /** In the order in which it came. */
  private sealed interface Heard {
    record OfCoordinator(String words) implements Heard {}

    record OfProgram(ChildEvent event) implements Heard {}
  }

  AttackRun(Attack attack, ConsortiumFiles files, Report report) {
    this.attack = attack;
    this.files = files;
    this.report = report;
  }

  /** Called on any thread, for every program's words. */
  void hear(ChildEvent event) {
    if (isSite(event.child())) {
      heard.add(new Heard.OfProgram(event));
    }
  }

  private boolean isSite(Child child) {
    return files.sites().stream().anyMatch(site -> site.value().equals(child.name()));
  }

  /**
   * Plays to the end.
   *
   * @throws DemoFailure if the attack was not refused, or something else failed
   */
  void play(Federation federation, Children children)
      throws DemoFailure, IOException, InterruptedException {
    report.on(new AttackBegins(attack));
    String planHash = federation.open(this::listen);
    files.approve(planHash);
    boolean refused = awaitRefusals(children);
    report.on(new AttackEnded(attack, refused));
    if (!refused) {
      throw DemoFailure.failed(
          "the attack " + attack + " was not refused as it should have been.",
          "Run again with --keep DIR to keep all logs.");
    }
  }

  private synchronized Map<SiteId, Integer> listen(int coordinatorPort) throws IOException {
    LyingFront started =
        LyingFront.start(
            files.operator(),
            new CoordinatorAddress("127.0.0.1", coordinatorPort),
            attack::script,
            words -> heard.add(new Heard.OfCoordinator(words)));
    front = started;
    return files.sites().stream().collect(toMap(site -> site, site -> started.port()));
  }

  /** Whether each check that was to refuse has; told as it happens. */
  private boolean awaitRefusals(Children children) throws DemoFailure, InterruptedException {
    Set<Attack.Refusal> missing = new HashSet<>(attack.refusals());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!missing.isEmpty()) {
      Heard next = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      switch (next) {
        case null -> {
          return false;
        }
        case Heard.OfCoordinator(String words) -> report.on(new Lied(words));
        case Heard.OfProgram(ChildEvent.Line(Child child, String text)) -> {
          Optional<SiteRefused> refusal = JobEventLine.refusal(new SiteId(child.name()), text);
          refusal.map(this::withNames).ifPresent(report::on);
          refusal.ifPresent(said ->
              missing.removeIf(expected ->
                  expected.site().equals(said.site()) && expected.check().equals(said.check())));
        }
        case Heard.OfProgram(ChildEvent.Ended(Child child, int exitCode)) -> {
          if (children.closedWithin(BEFORE_JUDGING)) {
            throw new InterruptedException("being stopped");
          }
          throw Programs.failure(child, exitCode);
        }
      }
    }
    return true;
  }

  /** Sites call each other by the fingerprints of their keys. */
  private SiteRefused withNames(SiteRefused said) {
    String explanation = said.explanation();
    for (Map.Entry<SiteId, String> key : files.signingKeys().entrySet()) {
      explanation = explanation.replace(key.getValue(), key.getKey().value());
    }
    return new SiteRefused(said.site(), said.round(), said.check(), explanation);
  }

  @Override
  public synchronized void close() {
    if (front != null) {
      front.close();
    }
  }
}
