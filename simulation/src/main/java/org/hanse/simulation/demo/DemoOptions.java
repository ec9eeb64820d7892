package org.hanse.simulation.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.attack.Attack;

/**
 * What the demo is asked for.
 *
 * @param federation who takes part and what is trained
 * @param disturbances what goes wrong on purpose
 * @param keep where the files stay; a temporary directory if absent
 */
public record DemoOptions(
    FederationOptions federation, Disturbances disturbances, Optional<Path> keep) {

  /**
   * Who takes part and what is trained.
   *
   * @param rounds as the example's job file says if absent
   * @param seed fixes all that reaches the model
   * @param suite how updates are protected
   */
  public record FederationOptions(
      Example example, int sites, Optional<Long> rounds, long seed, Suite suite) {
    static final int MIN_SITES = 3;

    /** Every site is a process with a learning library of its own. */
    static final int MAX_SITES = 20;

    /** Local epochs of the whole job; the comparison trains as many. */
    static final long MAX_ROUNDS = 1_000;

    boolean secureAggregation() {
      return suite.masked();
    }

    /** {@code site-1} and so on. */
    List<SiteId> siteIds() {
      return IntStream.rangeClosed(1, sites).mapToObj(i -> new SiteId("site-" + i)).toList();
    }

    /** The cohort rules that the job will state. */
    CohortRules cohort(double quorum) {
      return new CohortRules(
          sites, CohortRules.defaultColludingSites(sites), quorum, Math.min(4, sites));
    }
  }

  /**
   * What goes wrong on purpose.
   *
   * @param breaks sites, and perhaps the coordinator, whose process is killed during the uploads
   * @param absences sites that sit a round out
   * @param attack what the coordinator tries; an honest one if absent
   */
  public record Disturbances(
      List<Disturbance> breaks, List<Disturbance> absences, Optional<Attack> attack) {
    /** An honest coordinator. */
    public static final Disturbances NONE =
        new Disturbances(List.of(), List.of(), Optional.empty());

    public Disturbances {
      breaks = List.copyOf(breaks);
      absences = List.copyOf(absences);
    }

    /** Sites whose process is killed. */
    List<Disturbance> siteBreaks() {
      return breaks.stream().filter(disturbance -> !disturbance.hitsCoordinator()).toList();
    }

    /** Rounds in which the coordinator's process is killed. */
    Set<Long> coordinatorBreaks() {
      return breaks.stream()
          .filter(Disturbance::hitsCoordinator)
          .map(Disturbance::round)
          .collect(Collectors.toSet());
    }

    /** What happens to sites. */
    List<Disturbance> all() {
      List<Disturbance> all = new ArrayList<>(siteBreaks());
      all.addAll(absences);
      return all;
    }
  }

  /** Everything that cannot be done as asked, in sentences; empty if nothing. */
  List<String> problems(long rounds, double quorum) {
    List<String> problems = new ArrayList<>();
    if (federation.sites() < FederationOptions.MIN_SITES
        || federation.sites() > FederationOptions.MAX_SITES) {
      problems.add(
          "--sites must be from %d to %d, not %d"
              .formatted(
                  FederationOptions.MIN_SITES, FederationOptions.MAX_SITES, federation.sites()));
      return problems; // the others depend on it
    }
    if (rounds < 1 || rounds > FederationOptions.MAX_ROUNDS) {
      problems.add(
          "--rounds must be from 1 to %d, not %d".formatted(FederationOptions.MAX_ROUNDS, rounds));
    }
    if (federation.seed() < 0) {
      problems.add("--seed must not be negative, not " + federation.seed());
    }
    List<Disturbance> all = disturbances.all();
    for (Disturbance disturbance : all) {
      if (!federation.siteIds().contains(disturbance.site())) {
        problems.add(disturbance + ": the sites are site-1 to site-" + federation.sites());
      }
      if (disturbance.round() < 1 || disturbance.round() > rounds) {
        problems.add(disturbance + ": the rounds are 1 to " + rounds);
      }
    }
    for (long round : disturbances.coordinatorBreaks()) {
      if (round < 1 || round > rounds) {
        problems.add("coordinator@round-%d: the rounds are 1 to %d".formatted(round, rounds));
      }
    }
    for (Disturbance disturbance : disturbances.siteBreaks()) {
      if (disturbances.absences().contains(disturbance)) {
        problems.add(disturbance + ": a site that is absent has no upload to be killed in");
      }
    }
    CohortRules cohort = federation.cohort(quorum);
    for (long round : all.stream().map(Disturbance::round).distinct().sorted().toList()) {
      long missing =
          all.stream().filter(d -> d.round() == round).map(Disturbance::site).distinct().count();
      if (federation.sites() - missing < cohort.minimumRoster()) {
        problems.add(
            "round %d would be left with %d sites; with %d members it needs %d"
                .formatted(
                    round,
                    federation.sites() - missing,
                    federation.sites(),
                    cohort.minimumRoster()));
      }
    }
    return problems;
  }
}
