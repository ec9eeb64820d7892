package org.hanse.simulation.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/** All that happened in a run, as a hash, and its last lines. Not thread-safe. */
public final class Trace {
  private static final int KEPT_LINES = 4_000;

  private final MessageDigest digest = sha256();
  private final Deque<String> last = new ArrayDeque<>();
  private long lines;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(long nanos, String line) {
    String stamped = "%d.%06d %s".formatted(nanos / 1_000_000_000, nanos / 1000 % 1_000_000, line);
    digest.update(stamped.getBytes(UTF_8));
    digest.update((byte) '\n');
    lines++;
    if (last.size() == KEPT_LINES) {
      last.removeFirst();
    }
    last.addLast(stamped);
  }

  public long lines() {
    return lines;
  }

  /** The newest lines, oldest first. */
  public List<String> lastLines() {
    return List.copyOf(last);
  }

  /** Over all lines; to be asked for once, at the end. */
  public String hash() {
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }
}
