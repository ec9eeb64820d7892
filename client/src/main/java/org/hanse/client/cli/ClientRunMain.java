package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.hanse.client.agent.AgentEvents;
import org.hanse.client.agent.AgentPorts;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.Site;
import org.hanse.client.agent.SiteAgent;
import org.hanse.client.agent.SiteStores;
import org.hanse.client.agent.SystemThreads;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.PolicyFile;
import org.hanse.client.config.SiteConfig;
import org.hanse.client.config.SiteConfigFile;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.client.grpc.RosterCertificates;
import org.hanse.client.grpc.SiteClient;
import org.hanse.client.storage.DrainRequest;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.storage.StateDirectory;
import org.hanse.client.storage.UpdateStore;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.Dl4jTrainer;
import org.hanse.core.crypto.SecretBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires a site's agent and runs it until the process is told to end. */
final class ClientRunMain {
  private static final int ENTROPY_BYTES = 32;
  private static final int SHUTDOWN_SECONDS = 5;
  private static final int DRAIN_LOOK_MILLIS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(ClientRunMain.class);

  private ClientRunMain() {}

  /**
   * Runs a site until the agent is stopped.
   *
   * @throws CoordinatorException if the coordinator refuses this site for good
   * @throws IOException if a file of this site's fails
   */
  static void run(Path configFile, PrintStream out, boolean jsonLines)
      throws ConfigException, CoordinatorException, IOException {
    SiteConfigFile file = new SiteConfigFile(configFile);
    SiteConfig config = file.read();
    PolicyFile policy = new PolicyFile(file, config.policy());
    SiteKeys keys =
        SiteKeys.read(
            config.identity().signingCertificate(),
            config.identity().signingKey(),
            config.identity().secret());
    Site site = new Site(config.site(), keys, policy::current, datasets(config));
    AgentEvents events = new AgentReporter(out, jsonLines);
    try (StateDirectory state = StateDirectory.open(config.state());
        SiteJournal journal = SiteJournal.open(state.root().resolve("journal"));
        CoordinatorChannel channel =
            CoordinatorChannel.open(config.coordinator(), config.identity().tls())) {
      SiteStores stores =
          new SiteStores(
              journal,
              new UpdateStore(state.subdirectory("updates")),
              new ModelStore(state.subdirectory("models")),
              new ResultFiles(state.subdirectory("results")));
      AgentPorts ports =
          new AgentPorts(
              new SiteClient(channel.channel()),
              RosterCertificates.trusting(
                  config.identity().tls().authority(), InstantSource.system()),
              new Dl4jTrainer(config.trainerThreads()),
              events,
              entropy(),
              new SecureRandom(),
              new SystemThreads(),
              () -> ThreadLocalRandom.current().nextLong());
      DrainRequest drain = new DrainRequest(state.root());
      drain.clear();
      runUntilStopped(new SiteAgent(site, stores, ports), drain);
    }
  }

  private static void runUntilStopped(SiteAgent agent, DrainRequest drain)
      throws CoordinatorException, IOException {
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofVirtual().name("drain").start(() -> drainIfAsked(agent, drain, done));
    Thread atExit = new Thread(() -> stopAndWait(agent, done), "stop");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      agent.run();
    } finally {
      done.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        LOG.debug("stopped by the process's end");
      }
    }
  }

  private static void drainIfAsked(SiteAgent agent, DrainRequest drain, CountDownLatch done) {
    try {
      while (!drain.isMade()) {
        if (done.await(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      agent.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On SIGTERM and Ctrl-C: an orderly end is a success. */
  private static void stopAndWait(SiteAgent agent, CountDownLatch done) {
    agent.stop();
    try {
      boolean orderly = done.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(orderly ? 0 : 1);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static Map<String, DatasetFile> datasets(SiteConfig config) {
    Map<String, DatasetFile> files = new TreeMap<>();
    config
        .datasets()
        .forEach((name, dataset) ->
            files.put(
                name,
                switch (dataset.kind()) {
                  case CSV -> new DatasetFile(DatasetFile.CSV, dataset.path());
                }));
    return files;
  }

  private static Supplier<SecretBytes> entropy() {
    SecureRandom random = new SecureRandom();
    return () -> {
      byte[] fresh = new byte[ENTROPY_BYTES];
      random.nextBytes(fresh);
      return SecretBytes.adopt(fresh);
    };
  }
}
