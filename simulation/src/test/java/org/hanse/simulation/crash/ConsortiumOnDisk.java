package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.config.job.JobFile;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.simulation.authority.SecretFile;
import org.hanse.simulation.authority.SeededSecrets;
import org.hanse.simulation.authority.TestAuthority;
import org.hanse.wire.ManifestCodec;

/**
 * The files of a coordinator, five sites and a researcher, and a job whose sites have approved it.
 * Secrets follow from a seed, so that every run has the same models.
 */
final class ConsortiumOnDisk {
  static final JobId JOB = new JobId("crash");
  static final int ROUNDS = 5;

  private static final int SITES = 5;
  private static final int SEED = 7;

  /** Below the ports that the system gives out by itself: no other program takes it meanwhile. */
  private static final int FIRST_PORT = 15_000;

  private static final int LAST_PORT = 30_000;

  private final Path root;
  private final Setup setup;
  private final int port = freePort();
  private final SeededSecrets secrets = new SeededSecrets(SEED);

  /**
   * What differs from run to run.
   *
   * @param database of the coordinator; empty for a file
   * @param keepRounds as in the coordinator's configuration
   * @param absent rounds that the victim sits out
   */
  record Setup(Optional<PostgresqlDatabase> database, boolean keepRounds, Set<Integer> absent) {}

  /** A job that was not submitted yet. */
  record Submission(Bytes manifest, FloatVector initialModel) {}

  ConsortiumOnDisk(Path root, Setup setup) {
    this.root = root;
    this.setup = setup;
  }

  static List<SiteId> sites() {
    return IntStream.rangeClosed(1, SITES).mapToObj(i -> new SiteId("site-" + i)).toList();
  }

  /** The one whose program is killed, or that sits a round out. */
  static SiteId victim() {
    return sites().getLast();
  }

  Path coordinatorConfig() {
    return root.resolve("coordinator").resolve("coordinator.yaml");
  }

  Path siteConfig(SiteId site) {
    return root.resolve(site.value()).resolve("client.yaml");
  }

  Path researcherConfig() {
    return root.resolve("researcher").resolve("researcher.yaml");
  }

  /** Where the coordinator of this configuration keeps everything. */
  static Path data(Path coordinatorConfig) {
    return coordinatorConfig.resolveSibling("data");
  }

  /** Where the site of this configuration keeps everything. */
  static Path state(Path siteConfig) {
    return siteConfig.resolveSibling("state");
  }

  /** Writes all files. */
  Submission write() throws IOException, ConfigException {
    TestAuthority authority = new TestAuthority("crash", Instant.now());
    writeCoordinator(authority);
    Path researcher = Files.createDirectories(root.resolve("researcher"));
    authority.writeCertificate(researcher);
    authority.userTls("researcher").write(researcher, "tls");
    Files.writeString(researcherConfig(), "coordinator: 127.0.0.1:" + port + "\n" + TLS, UTF_8);
    Path job = Files.writeString(researcher.resolve("job.yaml"), job(), UTF_8);
    JobDraft draft = JobFile.read(job, () -> "");
    FloatVector initial = FloatVector.allocate(draft.training().model().layout().parameterCount());
    for (long i = 0; i < initial.size(); i++) {
      initial.set(i, i % 7 / 64f);
    }
    Bytes manifest = ManifestCodec.encode(draft.manifest(ModelHash.of(initial.segment())));
    for (SiteId site : sites()) {
      writeSite(authority, site, Contexts.planHash(manifest).toHex());
    }
    return new Submission(manifest, initial);
  }

  private static final String TLS =
      """
      tls: { certificate: tls.crt, key: tls.key, authority: ca.crt }
      """;

  private static final String SIGNING =
      """
      signing: { certificate: signing.crt, key: signing.key }
      """;

  private void writeCoordinator(TestAuthority authority) throws IOException {
    Path directory = Files.createDirectories(root.resolve("coordinator"));
    authority.writeCertificate(directory);
    authority.coordinatorTls().write(directory, "tls");
    authority.coordinatorSigning(secrets.coordinatorSigningKey()).write(directory, "signing");
    String database = "";
    if (setup.database().isPresent()) {
      SecretFile.write(directory.resolve("password"), setup.database().get().password());
      database =
          "database: { url: \"%s\", user: %s, password-file: password }\n"
              .formatted(setup.database().get().url(), setup.database().get().user());
    }
    Files.writeString(
        coordinatorConfig(),
        """
        listen: 127.0.0.1:%d
        data: data
        lease-seconds: 300
        grace-seconds: 300
        poll-seconds: 5
        keep-rounds: %s
        """
                .formatted(port, setup.keepRounds())
            + database
            + TLS
            + SIGNING,
        UTF_8);
  }

  private void writeSite(TestAuthority authority, SiteId site, String planHash) throws IOException {
    Path directory = Files.createDirectories(root.resolve(site.value()));
    authority.writeCertificate(directory);
    authority.siteTls(site).write(directory, "tls");
    authority.siteSigning(site, secrets.siteSigningKey(site)).write(directory, "signing");
    SecretFile.write(directory.resolve("site.secret"), secrets.siteSecret(site) + "\n");
    Set<Integer> absent = site.equals(victim()) ? setup.absent() : Set.of();
    Files.writeString(
        siteConfig(site),
        """
        site: %s
        coordinator: 127.0.0.1:%d
        state: state
        secret: site.secret
        datasets: { numbers: { kind: csv, path: records.csv } }
        policy:
          minimum-cohort: 4
          maximum-clip-norm: 10.0
          sit-out-rounds: %s
          approved-manifests: ["%s"]
        """
                .formatted(site, port, absent, planHash)
            + TLS
            + SIGNING,
        UTF_8);
  }

  /** Its model has over 2^18 values, so that uploads have two chunks. */
  private String job() {
    String members =
        sites().stream()
            .map(site ->
                "  - { site: %s, organisation: One, signing-key: \"%s\" }\n"
                    .formatted(site, secrets.siteSigningKey(site).fingerprint().toHex()))
            .collect(Collectors.joining());
    return """
    id: %s
    name: Crash
    model: { inputs: [300], layers: [ { dense: { units: 900 } }, { softmax: { classes: 2 } } ] }
    data:
      contract: numbers
      features: { prefix: x, count: 300, range: [0, 1] }
      label: y
      classes: [a, b]
      minimum-rows: 1
    rounds: %d
    local: { epochs: 1, batch: 1, optimizer: { sgd: { learning-rate: 0.1 } }, seed: %d }
    strategy: { fedavg: {} }
    privacy: { secure-aggregation: { colluding-sites: 1, audit-chunks: 1 } }
    deadlines: { recruit: 10m, train: 10m, advertise: 10m, share: 10m, upload: 10m, confirm: 10m, release: 10m, verdict: 10m }
    sites:
      min: 4
      quorum: 0.6
      coordinator: "%s"
      members:
    """
            .formatted(JOB, ROUNDS, SEED, secrets.coordinatorSigningKey().fingerprint().toHex())
        + members;
  }

  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Another program has it.
      }
    }
  }
}
