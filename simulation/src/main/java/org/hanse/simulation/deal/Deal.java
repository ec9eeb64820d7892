package org.hanse.simulation.deal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.hanse.simulation.deal.Table.Line;

/**
 * A table dealt to sites. The same table, classes, number of sites, skew and seed give the same
 * deal.
 *
 * @param heldOut the test set, about 20 % of each class; at no site
 * @param parts one list a site, disjoint
 */
public record Deal(List<Line> heldOut, List<List<Line>> parts) {
  private static final double HELD_OUT_SHARE = 0.2;

  public Deal {
    heldOut = List.copyOf(heldOut);
    parts = parts.stream().map(List::copyOf).toList();
  }

  /**
   * Deals {@code table}.
   *
   * @param classes all labels that occur
   * @throws IllegalArgumentException if a record's label is not among them
   */
  public static Deal of(Table table, List<String> classes, int siteCount, Skew skew, long seed) {
    Random random = new Random(seed);
    Map<String, List<Line>> byClass = new LinkedHashMap<>();
    classes.forEach(label -> byClass.put(label, new ArrayList<>()));
    for (Line line : table.records()) {
      List<Line> ofClass = byClass.get(line.label());
      if (ofClass == null) {
        throw new IllegalArgumentException("label of no class: \"" + line.label() + '"');
      }
      ofClass.add(line);
    }

    double[][] weights = skew.weights(classes.size(), siteCount, random);
    List<Line> heldOut = new ArrayList<>();
    List<List<Line>> parts = new ArrayList<>();
    for (int site = 0; site < siteCount; site++) {
      parts.add(new ArrayList<>());
    }
    for (int classIndex = 0; classIndex < classes.size(); classIndex++) {
      List<Line> lines = byClass.getOrDefault(classes.get(classIndex), new ArrayList<>());
      Collections.shuffle(lines, random);
      int kept = (int) Math.round(HELD_OUT_SHARE * lines.size());
      heldOut.addAll(lines.subList(0, kept));
      share(lines.subList(kept, lines.size()), weights[classIndex], parts);
    }
    // Classes one after another would tell batches apart; an institution's table has no such order.
    parts.forEach(part -> Collections.shuffle(part, random));
    return new Deal(heldOut, parts);
  }

  /**
   * This deal, with records moved from the largest parts to those below {@code rows}: of classes
   * that the smaller part holds already, if it can be. The deal itself where no part is below.
   *
   * @throws IllegalArgumentException if all parts together have too few records
   */
  public Deal withAtLeast(int rows) {
    if ((long) rows * parts.size() > pooled().size()) {
      throw new IllegalArgumentException(
          pooled().size() + " records for " + parts.size() + " parts of at least " + rows);
    }
    List<List<Line>> filled = new ArrayList<>();
    parts.forEach(part -> filled.add(new ArrayList<>(part)));
    for (List<Line> part : filled) {
      while (part.size() < rows) {
        // Above the mean, so above the minimum, as long as another part is below it.
        List<Line> largest = Collections.max(filled, Comparator.comparingInt(List::size));
        part.add(largest.remove(spare(largest, part)));
      }
    }
    return new Deal(heldOut, filled);
  }

  /** The last record of {@code from} of a class that {@code to} holds, or else the last. */
  private static int spare(List<Line> from, List<Line> to) {
    Set<String> held = to.stream().map(Line::label).collect(Collectors.toSet());
    for (int i = from.size() - 1; i >= 0; i--) {
      if (held.contains(from.get(i).label())) {
        return i;
      }
    }
    return from.size() - 1;
  }

  /** Records of {@code label} at the site with this index. */
  public int count(int site, String label) {
    return (int) parts.get(site).stream().filter(line -> line.label().equals(label)).count();
  }

  /** All sites' records together, site after site. */
  public List<Line> pooled() {
    return parts.stream().flatMap(List::stream).toList();
  }

  /** Cuts {@code lines} at the rounded cumulative weights, so that every line is dealt once. */
  private static void share(List<Line> lines, double[] weights, List<List<Line>> parts) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double reached = 0;
    int from = 0;
    for (int site = 0; site < weights.length; site++) {
      reached += weights[site];
      int to = (int) Math.round(lines.size() * reached / total);
      parts.get(site).addAll(lines.subList(from, to));
      from = to;
    }
  }
}
