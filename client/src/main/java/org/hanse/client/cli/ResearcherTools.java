package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.grpc.JobClient;
import org.hanse.client.trainer.LocalTrainer;

/**
 * What researchers' commands work with; made in {@link ClientMain}.
 *
 * @param connector opens the way to the coordinator
 * @param trainer makes initial parameters; the command closes it
 * @param pause between tries
 * @param out for data
 * @param err for everything else that people read
 */
record ResearcherTools(
    Connector connector,
    Supplier<LocalTrainer> trainer,
    Pause pause,
    PrintWriter out,
    PrintWriter err) {
  /** Opens a connection. */
  @FunctionalInterface
  interface Connector {
    Connection open(ResearcherConfig config) throws IOException;
  }

  /** One connection and its calls. */
  interface Connection extends AutoCloseable {
    JobClient jobs();

    @Override
    void close();
  }

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void forMillis(long millis) throws InterruptedException;
  }
}
