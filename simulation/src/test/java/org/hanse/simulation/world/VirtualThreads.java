package org.hanse.simulation.world;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * Virtual threads on a scheduler of our own. The platform has no public way to it yet, so the
 * virtual machine must be started with {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class VirtualThreads {
  private static final Constructor<?> BUILDER = builder();

  private VirtualThreads() {}

  private static Constructor<?> builder() {
    try {
      Constructor<?> made =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      made.setAccessible(true);
      return made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK makes virtual threads in another way", e);
    }
  }

  /** A thread whose every piece of work goes to {@code scheduler}. */
  static Thread unstarted(Executor scheduler, String name, Runnable task) {
    try {
      Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
      return builder.name(name).inheritInheritableThreadLocals(false).unstarted(task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a virtual thread", e);
    }
  }
}
