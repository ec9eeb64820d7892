package org.hanse.coordinator.job;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.JobPriority;

/**
 * Which jobs may open a round: no site is in more rounds at once than it may be, users with fewer
 * open rounds come first, and between two jobs of a user turns are dealt by priority. Who is first
 * in line keeps later ones from the sites that it waits for, so that nobody waits for ever. Not
 * thread-safe.
 */
public final class Turns {
  private final int maxRoundsPerSite;
  private final Map<JobId, Claim> waiting = new LinkedHashMap<>();
  private final Map<JobId, Claim> open = new LinkedHashMap<>();

  /** What a job has had, the less the sooner it is its turn. */
  private final Map<JobId, Long> served = new HashMap<>();

  /**
   * What a job asks for.
   *
   * @param sites all members
   */
  public record Claim(JobId job, String owner, JobPriority priority, Set<SiteId> sites) {
    public Claim {
      sites = Set.copyOf(sites);
    }
  }

  /**
   * Why a job's turn has not come.
   *
   * @param sites that are in as many rounds as they may be, or that another job waits for longer;
   *     empty if its turn is about to come
   * @param jobs of the same owner whose rounds these sites are in, or that are before this one
   * @param jobsOfOthers how many of other owners; nobody learns what they are called
   */
  public record Obstacle(Set<SiteId> sites, Set<JobId> jobs, int jobsOfOthers) {
    public Obstacle {
      sites = Collections.unmodifiableSortedSet(new TreeSet<>(sites));
      jobs = Collections.unmodifiableSortedSet(new TreeSet<>(jobs));
    }
  }

  /**
   * @param maxRoundsPerSite rounds that a site may be in at once, at least 1
   */
  public Turns(int maxRoundsPerSite) {
    if (maxRoundsPerSite < 1) {
      throw new IllegalArgumentException(maxRoundsPerSite + " rounds per site");
    }
    this.maxRoundsPerSite = maxRoundsPerSite;
  }

  /** The job waits for its turn from now on; nothing happens if it does or its round is open. */
  public void ask(Claim claim) {
    if (!open.containsKey(claim.job())) {
      waiting.putIfAbsent(claim.job(), claim);
      // A newcomer is served as often as the others from now on, not as often as they ever were.
      served.putIfAbsent(claim.job(), leastServed());
    }
  }

  /** The job's round is open, whether it was its turn or not. */
  public void keep(Claim claim) {
    waiting.remove(claim.job());
    open.put(claim.job(), claim);
    served.putIfAbsent(claim.job(), leastServed());
  }

  /** Whether it is the job's turn, or its round is open. */
  public boolean isOpen(JobId job) {
    return open.containsKey(job);
  }

  /** The job's round is over, or it does not wait any longer. */
  public void leave(JobId job) {
    waiting.remove(job);
    open.remove(job);
  }

  /** The job is over: what it has had does not count any more. */
  public void forget(JobId job) {
    leave(job);
    served.remove(job);
  }

  /** Jobs whose turn it is now; their rounds are open from here on. */
  public List<JobId> next() {
    List<JobId> granted = new ArrayList<>();
    // Each grant changes who comes first.
    for (Optional<Claim> first = first(); first.isPresent(); first = first()) {
      Claim claim = first.get();
      waiting.remove(claim.job());
      open.put(claim.job(), claim);
      served.merge(claim.job(), cost(claim.priority()), Long::sum);
      granted.add(claim.job());
    }
    return granted;
  }

  private Optional<Claim> first() {
    Set<SiteId> taken = busySites();
    for (Claim claim : line()) {
      if (claim.sites().stream().noneMatch(taken::contains)) {
        return Optional.of(claim);
      }
      taken.addAll(claim.sites());
    }
    return Optional.empty();
  }

  /** Why a job waits; empty if it does not. */
  public Optional<Obstacle> obstacle(JobId job) {
    Claim own = waiting.get(job);
    if (own == null) {
      return Optional.empty();
    }
    Set<SiteId> sites = new TreeSet<>(busySites());
    sites.retainAll(own.sites());
    List<Claim> before = new ArrayList<>();
    open.values().stream().filter(claim -> meet(claim, sites)).forEach(before::add);
    for (Claim claim : line()) {
      if (claim.equals(own)) {
        break;
      }
      if (meet(claim, own.sites())) {
        before.add(claim);
        claim.sites().stream().filter(own.sites()::contains).forEach(sites::add);
      }
    }
    Set<JobId> jobs =
        before.stream()
            .filter(claim -> claim.owner().equals(own.owner()))
            .map(Claim::job)
            .collect(Collectors.toSet());
    return Optional.of(new Obstacle(sites, jobs, before.size() - jobs.size()));
  }

  private static boolean meet(Claim claim, Set<SiteId> sites) {
    return claim.sites().stream().anyMatch(sites::contains);
  }

  private List<Claim> line() {
    return waiting.values().stream()
        .sorted(
            Comparator.<Claim>comparingLong(claim -> openRoundsOf(claim.owner()))
                .thenComparingLong(claim -> served.getOrDefault(claim.job(), 0L))
                .thenComparing(Claim::priority, Comparator.reverseOrder()))
        .toList();
  }

  private long openRoundsOf(String owner) {
    return open.values().stream().filter(claim -> claim.owner().equals(owner)).count();
  }

  private Set<SiteId> busySites() {
    Map<SiteId, Integer> rounds = new HashMap<>();
    open.values().forEach(claim -> claim.sites().forEach(s -> rounds.merge(s, 1, Integer::sum)));
    Set<SiteId> busy = new TreeSet<>();
    rounds.forEach((site, count) -> {
      if (count >= maxRoundsPerSite) {
        busy.add(site);
      }
    });
    return busy;
  }

  private long leastServed() {
    return served.values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  private static long cost(JobPriority priority) {
    return switch (priority) {
      case HIGH -> 1;
      case NORMAL -> 2;
      case LOW -> 4;
    };
  }
}
