package org.hanse.simulation.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.config.job.ResearcherConfigFile;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.client.grpc.JobClient;
import org.hanse.coordinator.CoordinatorMain;
import org.hanse.coordinator.config.ConfigReader;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.simulation.attack.Backstage;
import org.hanse.simulation.attack.Script;
import org.hanse.simulation.attack.grpc.LyingFront;
import org.hanse.simulation.deal.Deal;
import org.hanse.simulation.deal.Skew;
import org.hanse.simulation.deal.Table;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.hanse.simulation.relay.ByteRelay;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.value.SubmitPart;

/**
 * Five real agents, a real coordinator and a dishonest one in front of it, over mutual TLS, in this
 * process: an installation but for the training, which only changes numbers.
 */
public final class LocalConsortium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ConsortiumFiles files;
  private final CoordinatorMain.Running coordinator;
  private final LyingFront front;
  private final Map<SiteId, ByteRelay> relays = new HashMap<>();
  private final Map<SiteId, LocalSite> sites = new HashMap<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** Already taken from {@link #events}. */
  private final List<Event> past = new ArrayList<>();

  /** What a site tells. */
  public sealed interface Event {
    SiteId site();

    /** It does not go along. */
    record Refused(SiteId site, long round, String reason, String explanation) implements Event {}

    /** It has checked the result. */
    record Closed(SiteId site, long round) implements Event {}
  }

  /** Starts everything; the sites have approved the job. */
  public LocalConsortium(Path directory, long rounds, Function<Backstage, Script> script)
      throws Exception {
    files = new ConsortiumFiles(directory, scenario(5, rounds));
    files.write();
    coordinator = CoordinatorMain.start(ConfigReader.read(files.coordinatorConfig()));
    int port = CoordinatorAddress.parse(coordinator.address()).port();
    front =
        LyingFront.start(
            files.operator(), new CoordinatorAddress("127.0.0.1", port), script, words -> {});
    InetSocketAddress frontAddress =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port());
    Map<SiteId, Integer> ports = new HashMap<>();
    for (SiteId site : files.sites()) {
      ByteRelay relay = ByteRelay.start(frontAddress);
      relays.put(site, relay);
      ports.put(site, relay.port());
    }
    files.connect(port, ports);
    submit(files);
    for (SiteId site : files.sites()) {
      start(site);
    }
  }

  static Scenario scenario(int sites, long rounds) throws IOException {
    ExampleJob job =
        ExampleJob.read(
            Path.of(System.getProperty("hanse.home")).resolve(Example.BREAST_CANCER.jobFile()));
    Table table =
        new Table(
            "x",
            IntStream.range(0, 200)
                .mapToObj(i -> new Table.Line(job.classes().get(i % 2), Integer.toString(i)))
                .toList());
    return new Scenario(
        new DemoOptions(
            new FederationOptions(
                Example.BREAST_CANCER, sites, Optional.of(rounds), 1, Suite.FLSA1),
            Disturbances.NONE,
            Optional.empty()),
        job,
        rounds,
        table,
        Deal.of(table, job.classes(), sites, Skew.UNEVEN_CLASSES, 1));
  }

  /** Submits the job, which the sites have approved afterwards. */
  static void submit(ConsortiumFiles files) throws Exception {
    JobDraft draft = files.readJob();
    FloatVector initial = FloatVector.allocate(draft.training().model().layout().parameterCount());
    for (long i = 0; i < initial.size(); i++) {
      initial.set(i, i % 7 / 64f);
    }
    Bytes manifest = ManifestCodec.encode(draft.manifest(ModelHash.of(initial.segment())));
    files.approve(Contexts.planHash(manifest).toHex());
    ResearcherConfig researcher = ResearcherConfigFile.read(files.researcherConfig());
    try (CoordinatorChannel channel =
        CoordinatorChannel.open(researcher.coordinator(), researcher.tls())) {
      new JobClient(channel.channel()).submit(new SubmitPart.Manifest(manifest), initial, PATIENCE);
    }
  }

  /** Starts a site's agent on its own disk. */
  public void start(SiteId site) throws Exception {
    sites.put(site, LocalSite.start(files.siteConfig(site), events::add));
  }

  public List<SiteId> sites() {
    return files.sites();
  }

  /** Ends a site's agent; returns when it has ended. */
  public void stop(SiteId site) {
    Objects.requireNonNull(sites.get(site)).close();
  }

  /** Cuts all the site's connections; it connects again by itself. */
  public void cut(SiteId site) {
    Objects.requireNonNull(relays.get(site)).reset();
  }

  /** Waits until a site refuses for this reason. */
  public Event.Refused awaitRefusal(SiteId site, String reason) throws InterruptedException {
    return (Event.Refused)
        await(event ->
            event instanceof Event.Refused refused
                && refused.site().equals(site)
                && refused.reason().equals(reason));
  }

  /** Waits until a site has checked a round's result. */
  public void awaitClosed(SiteId site, long round) throws InterruptedException {
    var _ = await(new Event.Closed(site, round)::equals);
  }

  private Event await(Predicate<Event> wanted) throws InterruptedException {
    Optional<Event> before = past.stream().filter(wanted).findFirst();
    if (before.isPresent()) {
      return before.get();
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("waited in vain; the sites said " + past);
      }
      past.add(event);
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  /** The reasons that a site has given so far. */
  public List<String> refusals(SiteId site) {
    return told().stream()
        .filter(event -> event instanceof Event.Refused && event.site().equals(site))
        .map(event -> ((Event.Refused) event).reason())
        .toList();
  }

  /** All that sites have told so far. */
  public List<Event> told() {
    events.drainTo(past);
    return List.copyOf(past);
  }

  @Override
  public void close() throws IOException {
    for (LocalSite site : sites.values()) {
      site.close();
    }
    for (ByteRelay relay : relays.values()) {
      relay.close();
    }
    front.close();
    coordinator.close();
  }
}
