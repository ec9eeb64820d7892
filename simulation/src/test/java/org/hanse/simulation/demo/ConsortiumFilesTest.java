package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsortiumFilesTest {
  private static final SiteId SITE_1 = new SiteId("site-1");
  private static final SiteId SITE_2 = new SiteId("site-2");

  @TempDir private Path root;

  @Test
  void write_sites_partsAreDisjointAndNoSiteHoldsTheHeldOut() throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.small());
    files.write();
    files.connect(15_000, Map.of());

    Set<String> seen = new HashSet<>(records(files.heldOutRecords()));
    int heldOut = seen.size();
    for (SiteId site : files.sites()) {
      for (String line : records(files.records(site))) {
        assertThat(seen.add(line)).as(line).isTrue();
      }
    }
    assertThat(seen).hasSize(500);
    assertThat(records(files.pooledRecords())).hasSize(500 - heldOut);
  }

  @Test
  void write_everyKeyAndSecret_onlyItsOwnerMayRead() throws IOException {
    new ConsortiumFiles(root, TestScenario.small()).write();

    try (Stream<Path> all = Files.walk(root)) {
      List<Path> secret = all.filter(file -> file.toString().matches(".*\\.(key|secret)")).toList();
      assertThat(secret).hasSize(1 + 2 + 5 * 3 + 1);
      for (Path file : secret) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void approve_hash_onlyThatLineOfThePolicyChanges() throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.small());
    files.write();
    files.connect(15_000, Map.of(SITE_2, 15_001));
    Map<String, Object> before = YamlFile.read(files.siteConfig(SITE_1));
    assertThat(before).containsEntry("coordinator", "127.0.0.1:15000");
    assertThat(YamlFile.read(files.siteConfig(SITE_2)))
        .containsEntry("coordinator", "127.0.0.1:15001");

    files.approve("ab".repeat(32));

    Map<String, Object> after = YamlFile.read(files.siteConfig(SITE_1));
    assertThat(after.get("policy"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("approved-manifests", List.of("ab".repeat(32)))
        .containsEntry("minimum-cohort", 4)
        .containsEntry("maximum-clip-norm", 10.0)
        .containsEntry("allow-plain-sums", false);
    before.remove("policy");
    after.remove("policy");
    assertThat(after).isEqualTo(before);
    try (Stream<Path> left = Files.list(files.siteConfig(SITE_1).getParent())) {
      assertThat(left.filter(file -> file.toString().endsWith(".next"))).isEmpty();
    }
  }

  @Test
  void connectDirectly_siteBehindARelay_onlyItsAddressChanges() throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.small());
    files.write();
    files.connect(15_000, Map.of(SITE_2, 15_001));
    files.approve("ab".repeat(32));
    Map<String, Object> expected = YamlFile.read(files.siteConfig(SITE_2));
    expected.put("coordinator", "127.0.0.1:15000");

    files.connectDirectly();

    assertThat(YamlFile.read(files.siteConfig(SITE_2))).isEqualTo(expected);
  }

  @Test
  void connect_port_coordinatorConfigFirstLeavesItOpenThenNamesIt() throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.small());
    files.write();
    assertThat(YamlFile.read(files.coordinatorConfig())).containsEntry("listen", "127.0.0.1:0");

    files.connect(15_000, Map.of());

    assertThat(YamlFile.read(files.coordinatorConfig())).containsEntry("listen", "127.0.0.1:15000");
  }

  @Test
  void write_absentSite_sitsThatRoundOut() throws IOException {
    ConsortiumFiles files =
        new ConsortiumFiles(
            root,
            TestScenario.of(
                Suite.FLSA1,
                new Disturbances(
                    List.of(), List.of(Disturbance.parse("site-2@round-3")), Optional.empty())));
    files.write();
    files.connect(15_000, Map.of());

    assertThat(YamlFile.read(files.siteConfig(SITE_1)).get("policy"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("sit-out-rounds", List.of());
    assertThat(YamlFile.read(files.siteConfig(SITE_2)).get("policy"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("sit-out-rounds", List.of(3));
  }

  @Test
  void write_job_namesMembersSeedAndProtection() throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.small());
    files.write();
    files.connect(15_000, Map.of());

    Map<String, Object> job = YamlFile.read(files.job());
    assertThat(job).containsEntry("id", "breast-cancer-seed-7").containsEntry("rounds", 4);
    assertThat(job.get("local")).isEqualTo(Map.of("epochs", 1, "seed", 7));
    assertThat(job.get("privacy"))
        .isEqualTo(
            Map.of(
                "secure-aggregation",
                Map.of("clip-norm", 10.0, "max-coordinate", 4.0, "colluding-sites", 1)));
    assertThat(job.get("sites"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("min", 4)
        .containsEntry(
            "coordinator",
            TestScenario.small().secrets().coordinatorSigningKey().fingerprint().toHex())
        .extractingByKey("members")
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(5)
        .first()
        .isEqualTo(
            Map.of(
                "site", "site-1",
                "organisation", "Hospital 1",
                "signing-key",
                    TestScenario.small().secrets().siteSigningKey(SITE_1).fingerprint().toHex()));
  }

  @Test
  void write_withoutSecureAggregation_jobSaysSoAndSitesAllowIt() throws IOException {
    ConsortiumFiles files =
        new ConsortiumFiles(root, TestScenario.of(Suite.PLAIN, Disturbances.NONE));
    files.write();
    files.connect(15_000, Map.of());

    assertThat(YamlFile.read(files.job()).get("privacy"))
        .isEqualTo(Map.of("secure-aggregation", "off"));
    assertThat(YamlFile.read(files.siteConfig(SITE_1)).get("policy"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("allow-plain-sums", true);
  }

  /**
   * The example's largest coordinate is of coordinates that are not rotated: the usual is right.
   */
  @Test
  void write_narrowRing_jobSaysSoAndLeavesTheLargestCoordinateToItsDefault() throws IOException {
    assertThat(protection(Suite.FLSA1_Z16))
        .isEqualTo(Map.of("clip-norm", 10.0, "colluding-sites", 1, "ring-bits", 16));
  }

  @Test
  void write_hybridSuite_jobSaysSo() throws IOException {
    assertThat(protection(Suite.FLSA1_HYBRID))
        .isEqualTo(
            Map.of(
                "clip-norm",
                10.0,
                "max-coordinate",
                4.0,
                "colluding-sites",
                1,
                "post-quantum",
                true));
  }

  private Object protection(Suite suite) throws IOException {
    ConsortiumFiles files = new ConsortiumFiles(root, TestScenario.of(suite, Disturbances.NONE));
    files.write();
    files.connect(15_000, Map.of());
    Map<?, ?> privacy = (Map<?, ?>) YamlFile.read(files.job()).get("privacy");
    return Objects.requireNonNull(Objects.requireNonNull(privacy).get("secure-aggregation"));
  }

  private static List<String> records(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.subList(1, lines.size());
  }
}
