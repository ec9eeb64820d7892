package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/**
 * What a program under test is told by the one that started it, over standard input: it waits,
 * ready to go, until then. It ends with its starter.
 *
 * @param config the configuration file
 * @param armed the failpoint at which to die, or empty
 */
record Orders(Path config, String armed) {
  /** Begins what a program under test says; libraries may say something too. */
  static final String PREFIX = "child: ";

  private static final String BETWEEN = "\t";

  /** Waits for them. */
  static Orders await() throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    say("ready");
    String line = input.readLine();
    if (line == null) {
      Runtime.getRuntime().halt(0);
      throw new AssertionError("halted");
    }
    Thread.ofPlatform().daemon().name("starter").start(() -> endWith(input));
    String[] words = line.split(BETWEEN, -1);
    return new Orders(Path.of(words[0]), words[1]);
  }

  private static void endWith(BufferedReader input) {
    try {
      while (input.readLine() != null) {
        // Nothing is said after the orders.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    Runtime.getRuntime().halt(0);
  }

  String line() {
    return config + BETWEEN + armed + "\n";
  }

  /** Says something to the starter; on return it is said, even if this program is killed now. */
  static void say(String text) {
    System.out.println(PREFIX + text);
    System.out.flush();
  }
}
