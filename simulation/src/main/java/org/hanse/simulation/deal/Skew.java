package org.hanse.simulation.deal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How unevenly records are dealt. */
public enum Skew {
  /**
   * Each class lives at only {@code max(1, round(0.6 N))} of the N sites: with ten classes and five
   * sites each site sees six classes and each class lives at three sites.
   */
  MISSING_CLASSES {
    @Override
    double[][] weights(int classCount, int siteCount, Random random) {
      int holders = Math.max(1, (int) Math.round(0.6 * siteCount));
      List<Integer> sites = shuffled(siteCount, random);
      List<Integer> classes = shuffled(classCount, random);
      double[] sizes = sizes(siteCount, random);
      double[][] weights = new double[classCount][siteCount];
      // Class after class goes round the table: a site's number of classes differs by at most one.
      int seat = 0;
      for (int classIndex : classes) {
        for (int i = 0; i < holders; i++, seat++) {
          int site = sites.get(seat % siteCount);
          weights[classIndex][site] = sizes[site] * (0.6 + 0.8 * random.nextDouble());
        }
      }
      return weights;
    }
  },

  /**
   * Every class lives everywhere, but a site may hold several times more of one than of another.
   */
  UNEVEN_CLASSES {
    @Override
    double[][] weights(int classCount, int siteCount, Random random) {
      double[] sizes = sizes(siteCount, random);
      double[][] weights = new double[classCount][siteCount];
      for (double[] ofClass : weights) {
        for (int site = 0; site < siteCount; site++) {
          ofClass[site] = sizes[site] * (0.3 + 1.4 * random.nextDouble());
        }
      }
      return weights;
    }
  };

  /** The largest site is dealt about this many times the records of the smallest. */
  private static final double LARGEST_TO_SMALLEST = 2.5;

  /** Relative shares, {@code [class][site]}; 0 where a site holds none of a class. */
  abstract double[][] weights(int classCount, int siteCount, Random random);

  private static double[] sizes(int siteCount, Random random) {
    List<Integer> ranks = shuffled(siteCount, random);
    double step = (LARGEST_TO_SMALLEST - 1) / Math.max(1, siteCount - 1);
    return ranks.stream().mapToDouble(rank -> 1 + rank * step).toArray();
  }

  private static List<Integer> shuffled(int size, Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    return numbers;
  }
}
