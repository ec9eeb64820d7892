package org.hanse.simulation.demo;

/** Shows what happens. Used by one thread. */
@FunctionalInterface
public interface Report {
  void on(DemoEvent event);

  /** Nothing more happens; others may write where this wrote. */
  default void end() {}
}
