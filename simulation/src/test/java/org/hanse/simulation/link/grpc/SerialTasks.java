package org.hanse.simulation.link.grpc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.hanse.simulation.world.SimulatedProcess;

/** Tasks of one call, one after the other, on threads of one process. */
final class SerialTasks implements Executor {
  private final SimulatedProcess process;
  private final String name;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean draining;

  SerialTasks(SimulatedProcess process, String name) {
    this.process = process;
    this.name = name;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!draining && process.alive()) {
      draining = true;
      process.start(name, this::drain);
    }
  }

  private void drain() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    draining = false;
  }
}
