package org.hanse.simulation.process;

/** What a child process lets its parent know. */
public sealed interface ChildEvent {
  Child child();

  /** A line on its standard output, without the line's end. */
  record Line(Child child, String text) implements ChildEvent {}

  /** It ended, and all its lines were delivered before. */
  record Ended(Child child, int exitCode) implements ChildEvent {}
}
