package org.hanse.simulation.crash;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hanse.simulation.crash.disk.DiskWatch;

/**
 * The moments at which this program can be made to die, each by a name. Every name is told once,
 * when its moment first comes; at the armed one the program kills itself as {@code kill -9} does.
 */
final class Failpoints implements DiskWatch {
  /** Arms whatever comes first. */
  static final String FIRST = "first";

  /** Half of the bytes are written. */
  private static final String TORN = ".torn";

  private static final int SIGKILL = 9;
  private static final MethodHandle KILL = killFunction();

  private final String armed;
  private final Function<Path, String> places;
  private final Function<Write, String> writes;
  private final Set<String> reached = ConcurrentHashMap.newKeySet();

  /**
   * @param armed a name, {@link #FIRST}, or empty for none
   * @param places names a file or directory
   * @param writes names what is written
   */
  Failpoints(String armed, Function<Path, String> places, Function<Write, String> writes) {
    this.armed = armed;
    this.places = places;
    this.writes = writes;
  }

  /** This moment has come. */
  void at(String point) {
    if (reached.add(point)) {
      Orders.say("reached " + point);
    }
    if (armed.equals(point) || armed.equals(FIRST)) {
      die();
    }
  }

  @Override
  public void before(Change change, Path file) {
    String operation =
        switch (change) {
          case CREATE -> "create";
          case MAKE_DIRECTORY -> "make";
          case TRUNCATE -> "truncate";
          case SYNC -> "sync";
          case SYNC_NAMES -> "sync-names";
          case RENAME -> "rename";
          case DELETE -> "delete";
        };
    at(places.apply(file) + "." + operation);
  }

  @Override
  public void before(Write write) throws IOException {
    String point = writes.apply(write) + ".write";
    at(point);
    if (write.bytes().remaining() > 1) {
      String torn = point + TORN;
      if (armed.equals(torn)) {
        write.half();
      }
      at(torn);
    }
  }

  /** No hook runs, nothing is flushed, no lock is let go of but by the operating system. */
  private static void die() {
    try {
      int answer = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
      throw new AssertionError("still alive: " + answer);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("restricted") // the one way to a real signal without another process
  private static MethodHandle killFunction() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("kill"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
