package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.hanse.simulation.crash.CrashRun.Victim;

/**
 * A line of a list of failpoints: the name, what is particular about it, and the failpoints at
 * which the program is killed before, so that this one is reached at all.
 */
record Failpoint(String name, Set<Trait> traits, List<String> before) {

  /** What is particular about a failpoint. */
  enum Trait {
    /** The round goes on without the site that is killed here: its attempt's secrets are gone. */
    LEFT_OUT("left-out"),
    /** The site is counted, but does nothing more in the round: its attempt's secrets are gone. */
    ATTEMPT_LOST("attempt-lost"),
    /** The site trains the round again: its update was not durable. */
    TRAINS_AGAIN("trains-again"),
    /** Only in a coordinator that keeps all rounds. */
    KEEP_ROUNDS("keep-rounds"),
    /** Only where the database is a file. */
    SQLITE("sqlite");

    private final String word;

    Trait(String word) {
      this.word = word;
    }

    static Trait of(String word) {
      return Arrays.stream(values())
          .filter(trait -> trait.word.equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no trait " + word));
    }
  }

  /** The checked-in list, in the order in which a program comes by. */
  static List<Failpoint> of(Victim victim) throws IOException {
    String resource = victim.name().toLowerCase(Locale.ROOT) + "-failpoints.txt";
    try (InputStream in = Failpoint.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + resource);
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Failpoint::parse)
          .toList();
    }
  }

  /** {@code before > name trait trait}. */
  static Failpoint parse(String line) {
    List<String> chain = new ArrayList<>(Arrays.asList(line.strip().split("\\s*>\\s*")));
    List<String> words = Arrays.asList(chain.removeLast().split("\\s+"));
    return new Failpoint(
        words.getFirst(),
        Set.copyOf(words.stream().skip(1).map(Trait::of).toList()),
        List.copyOf(chain));
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether a job without any kill comes by. */
  boolean isUsual() {
    return before.isEmpty();
  }

  /** All kills, in their order. */
  List<String> kills() {
    List<String> all = new ArrayList<>(before);
    all.add(name);
    return all;
  }

  @Override
  public String toString() {
    return String.join(" > ", kills());
  }
}
