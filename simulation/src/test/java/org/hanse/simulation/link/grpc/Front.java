package org.hanse.simulation.link.grpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import org.hanse.simulation.world.SimulatedProcess;
import org.jspecify.annotations.Nullable;

/** The address at which a coordinator listens, or nobody. */
public final class Front {
  private @Nullable Listening listening;
  private int answersLeft;
  private Runnable onLastAnswer = () -> {};

  /** A process that answers calls. */
  record Listening(SimulatedProcess process, ServerServiceDefinition services) {
    @Nullable ServerMethodDefinition<?, ?> method(String name) {
      return services.getMethod(name);
    }
  }

  /** From now on {@code process} answers, until it dies. */
  @SuppressWarnings("ReferenceEquality") // this very process
  public void listen(SimulatedProcess process, ServerServiceDefinition services) {
    Listening now = new Listening(process, services);
    listening = now;
    process.atDeath(() -> {
      if (listening == now) {
        listening = null;
      }
    });
  }

  /** The process that listens dies when it has sent so many answers more, the next is 1. */
  public void dieAtAnswer(int answers, Runnable death) {
    answersLeft = answers;
    onLastAnswer = death;
  }

  /** An answer is on its way; called on a thread of the process that gave it. */
  void answered(SimulatedProcess process) {
    if (answersLeft > 0 && --answersLeft == 0) {
      onLastAnswer.run();
      process.killHere();
    }
  }

  @Nullable Listening listening() {
    return listening;
  }
}
