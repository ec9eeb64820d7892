package org.hanse.simulation.demo;

/** Shows what happens. Called by one thread. */
@FunctionalInterface
public interface Report {
  void on(DemoEvent event);
}
