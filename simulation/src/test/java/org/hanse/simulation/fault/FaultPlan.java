package org.hanse.simulation.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** All that goes wrong in one run, in any order. */
public record FaultPlan(List<Fault> faults) {
  private static final int MOST_FAULTS = 8;
  private static final int LAST_START_MILLIS = 45_000;
  private static final int LONGEST_MILLIS = 60_000;

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  /** Nothing goes wrong. */
  public static FaultPlan none() {
    return new FaultPlan(List.of());
  }

  /** What a seed has in store for so many sites; one run in 16 is spared. */
  public static FaultPlan random(SplittableRandom random, int sites) {
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(16) == 0 ? 0 : 1 + random.nextInt(MOST_FAULTS);
    for (int i = 0; i < count; i++) {
      faults.add(fault(random, sites));
    }
    return new FaultPlan(faults);
  }

  private static Fault fault(SplittableRandom random, int sites) {
    FaultKind kind = FaultKind.all().get(random.nextInt(FaultKind.all().size()));
    boolean coordinator =
        kind.hitsTheCoordinator() && (!kind.hitsSites() || random.nextInt(3) == 0);
    double share = random.nextDouble();
    return new Fault(
        kind,
        coordinator ? Fault.COORDINATOR : "site-" + random.nextInt(sites),
        random.nextInt(LAST_START_MILLIS),
        100 + (long) (LONGEST_MILLIS * share * share * share),
        1 + random.nextInt(40));
  }

  /** When the last one is over. */
  public long endMillis() {
    return faults.stream().mapToLong(Fault::endMillis).max().orElse(0);
  }

  /**
   * A plan as people write it.
   *
   * @throws IOException if it cannot be read, or is no plan
   */
  public static FaultPlan read(Path file) throws IOException {
    try {
      Object loaded =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
      if (!(loaded instanceof Map<?, ?> map) || !(map.get("faults") instanceof List<?> list)) {
        throw new IOException(file + " has no list of faults");
      }
      List<Fault> faults = new ArrayList<>();
      for (Object entry : list) {
        if (!(entry instanceof Map<?, ?> fault)) {
          throw new IOException(file + ": a fault is a map, not " + entry);
        }
        faults.add(fault(file, fault));
      }
      return new FaultPlan(faults);
    } catch (YamlEngineException e) {
      throw new IOException(file + " is no YAML: " + e.getMessage(), e);
    }
  }

  private static Fault fault(Path file, Map<?, ?> map) throws IOException {
    String name = String.valueOf(map.get("kind"));
    FaultKind kind;
    try {
      kind = FaultKind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": there is no kind of fault called " + name, e);
    }
    String target = String.valueOf(map.get("target"));
    boolean fits =
        target.equals(Fault.COORDINATOR)
            ? kind.hitsTheCoordinator()
            : target.matches("site-\\d{1,3}") && kind.hitsSites();
    if (!fits) {
      throw new IOException(file + ": " + name + " cannot hit " + target);
    }
    return new Fault(
        kind,
        target,
        number(file, map, "at-millis", 0),
        number(file, map, "for-millis", 0),
        (int) number(file, map, "count", 1));
  }

  private static long number(Path file, Map<?, ?> map, String key, long otherwise)
      throws IOException {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Integer number && number >= 0) {
      return number;
    }
    throw new IOException(file + ": " + key + " must be a whole number, not " + value);
  }

  /** As {@link #read} reads it. */
  public String yaml() {
    StringBuilder text = new StringBuilder("faults:\n");
    for (Fault fault : faults) {
      text.append(
          "  - { kind: %s, target: %s, at-millis: %d, for-millis: %d, count: %d }\n"
              .formatted(
                  fault.kind().word(),
                  fault.target(),
                  fault.atMillis(),
                  fault.forMillis(),
                  fault.count()));
    }
    return faults.isEmpty() ? "faults: []\n" : text.toString();
  }
}
