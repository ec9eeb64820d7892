package org.hanse.simulation.adversary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ShareKind;

/**
 * All that a coordinator and its colluding sites know of an attempt, as linear equations. Masks are
 * pseudorandom, so one coordinate stands for all: its unknowns are each site's update and self mask
 * and each pair's mask. Every upload is an equation, and so is every mask whose seed the adversary
 * holds. Coefficients are 0, 1 and -1; ranks are taken modulo the largest prime below 2^31.
 */
final class LinearView {
  private static final BigInteger PRIME = BigInteger.valueOf(2_147_483_629L);

  private final List<Fingerprint> uploaded;
  private final Map<String, Integer> columns = new HashMap<>();
  private final List<Map<String, Integer>> known = new ArrayList<>();
  private final Federation federation;
  private final Run run;

  /**
   * @param run the federation's, by whom it holds for colluding
   */
  LinearView(Federation federation, Run run, AttemptId attempt) {
    this.federation = federation;
    this.run = run;
    List<Fingerprint> dealers = senders(attempt, FromSite.Shares.class);
    this.uploaded = federation.spool(attempt).names();
    Map<Fingerprint, FromSite.Release> releases = new HashMap<>();
    run.all(Happening.Sent.class)
        .filter(sent -> sent.attempt().equals(attempt))
        .forEach(sent -> {
          if (sent.message() instanceof FromSite.Release release) {
            releases.put(sent.site(), release);
          }
        });
    for (Fingerprint site : dealers) {
      if (knows(site, ShareKind.SELF_MASK, releases) || releases.containsKey(site)) {
        known.add(Map.of("b " + site, 1));
      }
      boolean key = knows(site, ShareKind.MASK_KEY, releases);
      for (Fingerprint peer : dealers) {
        if (key && !peer.equals(site)) {
          known.add(Map.of(pair(site, peer), 1));
        }
      }
    }
    for (Fingerprint site : uploaded) {
      Map<String, Integer> upload = mask(site, dealers);
      upload.put("x " + site, 1);
      known.add(upload);
    }
  }

  private List<Fingerprint> senders(AttemptId attempt, Class<? extends FromSite> kind) {
    return run.all(Happening.Sent.class)
        .filter(sent -> sent.attempt().equals(attempt) && kind.isInstance(sent.message()))
        .map(Happening.Sent::site)
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether the adversary has the secret itself, or t shares of it. */
  private boolean knows(
      Fingerprint site, ShareKind kind, Map<Fingerprint, FromSite.Release> releases) {
    int index = federation.sites.stream().map(SimulatedSite::name).toList().indexOf(site) + 1;
    long released =
        releases.entrySet().stream()
            .filter(entry -> run.honest(entry.getKey()))
            .filter(entry ->
                entry.getValue().shares().stream()
                    .anyMatch(share -> share.peerIndex() == index && share.kind() == kind))
            .count();
    return !run.honest(site) || released + run.colluding().size() >= run.threshold();
  }

  private static Map<String, Integer> mask(Fingerprint site, List<Fingerprint> dealers) {
    Map<String, Integer> mask = new HashMap<>();
    mask.put("b " + site, 1);
    for (Fingerprint peer : dealers) {
      if (!peer.equals(site)) {
        mask.put(pair(site, peer), site.compareTo(peer) < 0 ? 1 : -1);
      }
    }
    return mask;
  }

  private static String pair(Fingerprint a, Fingerprint b) {
    return a.compareTo(b) < 0 ? "p " + a + b : "p " + b + a;
  }

  /** Whether the sum of these sites' updates follows from what the adversary knows. */
  boolean determines(int... numbers) {
    Map<String, Integer> wanted = new HashMap<>();
    for (int number : numbers) {
      wanted.put("x " + federation.name(number), 1);
    }
    List<Map<String, Integer>> more = new ArrayList<>(known);
    more.add(wanted);
    return rank(more) == rank(known);
  }

  /** How many dimensions of the honest survivors' masks are free, given all the masks known. */
  int unknownMasks() {
    List<Fingerprint> dealers = senders(TestConsortium.attempt(1, 0), FromSite.Shares.class);
    List<Map<String, Integer>> masks =
        new ArrayList<>(known.subList(0, known.size() - uploaded.size()));
    int before = rank(masks);
    uploaded.stream().filter(run::honest).forEach(site -> masks.add(mask(site, dealers)));
    return rank(masks) - before;
  }

  private int rank(List<Map<String, Integer>> equations) {
    equations.forEach(
        equation -> equation.keySet().forEach(name -> columns.putIfAbsent(name, columns.size())));
    List<BigInteger[]> rows = new ArrayList<>();
    for (Map<String, Integer> equation : equations) {
      BigInteger[] row = new BigInteger[columns.size()];
      Arrays.fill(row, BigInteger.ZERO);
      equation.forEach((name, factor) ->
          row[columns.getOrDefault(name, -1)] = BigInteger.valueOf(factor).mod(PRIME));
      rows.add(row);
    }
    return eliminate(rows);
  }

  /** Gauss. */
  private int eliminate(List<BigInteger[]> rows) {
    int rank = 0;
    for (int column = 0; column < columns.size(); column++) {
      int pivot = rank;
      while (pivot < rows.size() && rows.get(pivot)[column].signum() == 0) {
        pivot++;
      }
      if (pivot == rows.size()) {
        continue;
      }
      BigInteger[] lead = rows.get(pivot);
      rows.set(pivot, rows.get(rank));
      rows.set(rank, lead);
      BigInteger inverse = lead[column].modInverse(PRIME);
      for (int other = rank + 1; other < rows.size(); other++) {
        BigInteger factor = rows.get(other)[column].multiply(inverse);
        for (int i = column; i < columns.size(); i++) {
          rows.get(other)[i] = rows.get(other)[i].subtract(factor.multiply(lead[i])).mod(PRIME);
        }
      }
      rank++;
    }
    return rank;
  }
}
