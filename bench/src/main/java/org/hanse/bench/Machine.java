package org.hanse.bench;

import java.lang.management.ManagementFactory;

/** What a reader must know of the machine to believe a figure. */
final class Machine {
  private static final int MIB = 20;

  private Machine() {}

  static void describe(Report report) {
    report.count("cpus", Runtime.getRuntime().availableProcessors());
    report.fact("java", Runtime.version().toString());
    report.count("largestHeapMib", Runtime.getRuntime().maxMemory() >> MIB);
  }

  /** The load average of the last minute: figures of a busy machine are no figures. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
