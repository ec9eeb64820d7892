package org.hanse.simulation.demo;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hanse.client.agent.AgentEvents;
import org.hanse.client.agent.AgentPorts;
import org.hanse.client.agent.Site;
import org.hanse.client.agent.SiteAgent;
import org.hanse.client.agent.SiteStores;
import org.hanse.client.agent.SystemThreads;
import org.hanse.client.config.PolicyFile;
import org.hanse.client.config.SiteConfig;
import org.hanse.client.config.SiteConfigFile;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.client.grpc.RosterCertificates;
import org.hanse.client.grpc.SiteClient;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.storage.StateDirectory;
import org.hanse.client.storage.UpdateStore;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.LocalConsortium.Event;

/** A site's agent with its own files, as {@code hanse client run} wires it. */
public final class LocalSite implements AutoCloseable {
  private final SiteAgent agent;
  private final Thread thread;

  private LocalSite(SiteAgent agent, Thread thread) {
    this.agent = agent;
    this.thread = thread;
  }

  static LocalSite start(Path configFile, Consumer<Event> events) throws Exception {
    SiteId self = new SiteConfigFile(configFile).read().site();
    return start(configFile, new Told(self, events));
  }

  /** Starts a site's agent on its own disk; it answers every data contract of its configuration. */
  public static LocalSite start(Path configFile, AgentEvents events) throws Exception {
    SiteConfigFile file = new SiteConfigFile(configFile);
    SiteConfig config = file.read();
    PolicyFile policy = new PolicyFile(file, config.policy());
    SiteKeys keys =
        SiteKeys.read(
            config.identity().signingCertificate(),
            config.identity().signingKey(),
            config.identity().secret());
    Site site =
        new Site(
            config.site(),
            keys,
            policy::current,
            config.datasets().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new DatasetFile(DatasetFile.CSV, entry.getValue().path()))));
    StateDirectory state = StateDirectory.open(config.state());
    SiteJournal journal = SiteJournal.open(state.root().resolve("journal"));
    CoordinatorChannel channel =
        CoordinatorChannel.open(config.coordinator(), config.identity().tls());
    SiteAgent agent =
        new SiteAgent(
            site,
            new SiteStores(
                journal,
                new UpdateStore(state.subdirectory("updates")),
                new ModelStore(state.subdirectory("models")),
                new ResultFiles(state.subdirectory("results"))),
            new AgentPorts(
                new SiteClient(channel.channel()),
                RosterCertificates.trusting(
                    config.identity().tls().authority(), InstantSource.system()),
                new NumbersTrainer(),
                events,
                LocalSite::entropy,
                new SplittableRandom(1),
                new SystemThreads(),
                () -> ThreadLocalRandom.current().nextLong()));
    Thread thread =
        Thread.ofPlatform()
            .name(config.site().value())
            .start(() -> {
              try (state;
                  journal;
                  channel) {
                agent.run();
              } catch (ClosedByInterruptException e) {
                // Stopped in the middle of a write.
              } catch (Exception e) {
                throw new IllegalStateException(config.site() + " ended", e);
              }
            });
    return new LocalSite(agent, thread);
  }

  private static SecretBytes entropy() {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    return SecretBytes.adopt(fresh);
  }

  @Override
  public void close() {
    agent.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Told extends UnheardEvents {
    private final SiteId self;
    private final Consumer<Event> events;

    Told(SiteId self, Consumer<Event> events) {
      this.self = self;
      this.events = events;
    }

    @Override
    public void refused(RoundId round, String reason, String explanation) {
      events.accept(new Event.Refused(self, round.round(), reason, explanation));
    }

    @Override
    public void roundClosed(RoundId round, Hash modelHash) {
      events.accept(new Event.Closed(self, round.round()));
    }
  }
}
