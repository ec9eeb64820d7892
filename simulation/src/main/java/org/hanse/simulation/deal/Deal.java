package org.hanse.simulation.deal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
