package org.hanse.simulation.demo;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.TlsFiles;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.config.job.JobFile;
import org.hanse.core.plan.ModelLayout;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.Safetensors;
import org.hanse.simulation.attack.grpc.Credentials;
import org.hanse.simulation.authority.SecretFile;
import org.hanse.simulation.authority.SeededSecrets;
import org.hanse.simulation.authority.TestAuthority;
import org.hanse.simulation.deal.Table;

/**
 * Everything that coordinator, sites and researcher keep on their disks, in one directory each: the
 * very files of docs/by-hand.md.
 */
final class ConsortiumFiles {
  private static final String CONSORTIUM = "demo";
  private static final String USER = "researcher";

  /** A killed site is noticed this soon while the round waits for it. */
  private static final int GRACE_SECONDS = 5;

  /**
   * A killed site has this long to come back before the next round goes on without it: longer than
   * any site takes to start beside nineteen others on two cores.
   */
  private static final int LEASE_SECONDS = 300;

  private static final int POLL_SECONDS = 20;

  private final Path root;
  private final Scenario scenario;

  /** 0 lets the coordinator choose: no other program can take a port that it was told of before. */
  private int coordinatorPort;

  private Map<SiteId, Integer> sitePorts = Map.of();
  private List<String> approved = List.of();

  ConsortiumFiles(Path root, Scenario scenario) {
    this.root = root;
    this.scenario = scenario;
  }

  List<SiteId> sites() {
    return scenario.sites();
  }

  Path root() {
    return root;
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

  Path job() {
    return root.resolve("researcher").resolve("job.yaml");
  }

  /** The exported global model. */
  Path model() {
    return root.resolve("researcher").resolve("model.safetensors");
  }

  /** One site's own records. */
  Path records(SiteId site) {
    return root.resolve(site.value()).resolve("records.csv");
  }

  /** Records that no site holds. */
  Path heldOutRecords() {
    return root.resolve("comparison").resolve("held-out.csv");
  }

  /** All sites' records; only for the comparison, as no consortium could have them. */
  Path pooledRecords() {
    return root.resolve("comparison").resolve("pooled.csv");
  }

  /** What a coordinator's operator has. */
  Credentials operator() {
    return new Credentials(
        tlsFiles(root.resolve("coordinator")),
        root.resolve("coordinator").resolve("signing.key"),
        sites().stream()
            .collect(Collectors.toMap(site -> site, site -> tlsFiles(root.resolve(site.value())))));
  }

  /** The sites' fingerprints, in hexadecimal digits. */
  Map<SiteId, String> signingKeys() {
    return sites().stream()
        .collect(
            Collectors.toMap(
                site -> site,
                site -> scenario.secrets().siteSigningKey(site).fingerprint().toHex()));
  }

  private static TlsFiles tlsFiles(Path directory) {
    return new TlsFiles(
        directory.resolve("tls.crt"), directory.resolve("tls.key"), directory.resolve("ca.crt"));
  }

  Path logs() {
    return root.resolve("logs");
  }

  /** Writes all that is known before the coordinator has chosen its port. */
  void write() throws IOException {
    TestAuthority authority = new TestAuthority(CONSORTIUM, Instant.now());
    authority.root().write(Files.createDirectories(root.resolve("authority")), "ca");
    writeCoordinator(authority);
    for (int i = 0; i < scenario.sites().size(); i++) {
      SiteId site = scenario.sites().get(i);
      writeSite(authority, site);
      Table.write(records(site), scenario.table().header(), scenario.deal().parts().get(i));
    }
    writeResearcher(authority);
    Files.createDirectories(root.resolve("comparison"));
    Table.write(heldOutRecords(), scenario.table().header(), scenario.deal().heldOut());
    Table.write(pooledRecords(), scenario.table().header(), scenario.deal().pooled());
  }

  /**
   * Writes where everyone finds the coordinator.
   *
   * @param port of the coordinator on 127.0.0.1
   * @param relays where a site connects instead, if it does not connect there
   */
  void connect(int port, Map<SiteId, Integer> relays) throws IOException {
    coordinatorPort = port;
    sitePorts = Map.copyOf(relays);
    writeCoordinatorConfig();
    writeSiteConfigs();
    YamlFile.write(
        researcherConfig(), ordered("coordinator", "127.0.0.1:" + coordinatorPort, "tls", tls()));
  }

  /** Lets every site connect to the coordinator itself, for who starts them by hand later. */
  void connectDirectly() throws IOException {
    if (!sitePorts.isEmpty()) {
      sitePorts = Map.of();
      writeSiteConfigs();
    }
  }

  /** What each site's steward does: allows the manifest with this hash. */
  void approve(String planHash) throws IOException {
    approved = List.of(planHash);
    writeSiteConfigs();
  }

  /** The job file as the submitting command reads it. */
  JobDraft readJob() throws IOException {
    try {
      return JobFile.read(job(), () -> ""); // it has an id
    } catch (ConfigException e) {
      throw new IllegalStateException("the demo wrote a job file with mistakes", e);
    }
  }

  /**
   * The exported global model's values.
   *
   * @throws DemoFailure if the file does not hold this layout's tensors in their order
   */
  FloatVector readModel(ModelLayout layout) throws IOException, DemoFailure {
    byte[] bytes = Files.readAllBytes(model());
    return switch (Safetensors.read(MemorySegment.ofArray(bytes))) {
      case Safetensors.Reading.Read read when names(read.content()).equals(names(layout)) ->
          read.content().data();
      case Safetensors.Reading.Read read ->
          throw DemoFailure.failed("the exported model has other tensors than the job.");
      case Safetensors.Reading.Malformed malformed ->
          throw DemoFailure.failed("the exported model cannot be read: " + malformed.rule());
    };
  }

  private static List<String> names(Safetensors content) {
    return content.tensors().stream().map(Safetensors.Tensor::name).toList();
  }

  private static List<String> names(ModelLayout layout) {
    return layout.tensors().stream().map(TensorSpec::name).toList();
  }

  private void writeCoordinator(TestAuthority authority) throws IOException {
    Path directory = Files.createDirectories(root.resolve("coordinator"));
    authority.writeCertificate(directory);
    authority.coordinatorTls().write(directory, "tls");
    authority
        .coordinatorSigning(scenario.secrets().coordinatorSigningKey())
        .write(directory, "signing");
    writeCoordinatorConfig();
  }

  private void writeCoordinatorConfig() throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("listen", "127.0.0.1:" + coordinatorPort);
    config.put("data", "data");
    config.put("tls", tls());
    config.put("signing", signing());
    config.put("lease-seconds", LEASE_SECONDS);
    config.put("grace-seconds", GRACE_SECONDS);
    config.put("poll-seconds", POLL_SECONDS);
    config.put("keep-rounds", true);
    YamlFile.write(coordinatorConfig(), config);
  }

  private void writeSite(TestAuthority authority, SiteId site) throws IOException {
    Path directory = Files.createDirectories(root.resolve(site.value()));
    SeededSecrets secrets = scenario.secrets();
    authority.writeCertificate(directory);
    authority.siteTls(site).write(directory, "tls");
    authority.siteSigning(site, secrets.siteSigningKey(site)).write(directory, "signing");
    SecretFile.write(directory.resolve("site.secret"), secrets.siteSecret(site) + "\n");
  }

  private void writeSiteConfigs() throws IOException {
    for (SiteId site : scenario.sites()) {
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("site", site.value());
      config.put("coordinator", "127.0.0.1:" + sitePorts.getOrDefault(site, coordinatorPort));
      config.put("state", "state");
      config.put("tls", tls());
      config.put("signing", signing());
      config.put("secret", "site.secret");
      config.put(
          "datasets",
          Map.of(
              scenario.template().contract(),
              ordered("kind", "csv", "path", records(site).getFileName().toString())));
      config.put("trainer", Map.of("threads", 1));
      config.put("policy", policy(site));
      YamlFile.write(siteConfig(site), config);
    }
  }

  private Map<String, Object> policy(SiteId site) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("minimum-cohort", scenario.cohort().minimumSurvivors());
    policy.put("maximum-clip-norm", scenario.template().clipNorm());
    policy.put("allow-plain-sums", !scenario.options().federation().secureAggregation());
    policy.put("sit-out-rounds", scenario.absences(site));
    policy.put("approved-manifests", approved);
    return policy;
  }

  private void writeResearcher(TestAuthority authority) throws IOException {
    Path directory = Files.createDirectories(root.resolve("researcher"));
    authority.writeCertificate(directory);
    authority.userTls(USER).write(directory, "tls");
    YamlFile.write(job(), scenario.jobFile());
  }

  private static Map<String, Object> tls() {
    return ordered("certificate", "tls.crt", "key", "tls.key", "authority", "ca.crt");
  }

  private static Map<String, Object> signing() {
    return ordered("certificate", "signing.crt", "key", "signing.key");
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }
}
