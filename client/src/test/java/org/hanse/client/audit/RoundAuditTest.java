package org.hanse.client.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.hanse.client.agent.KeptRounds;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AuditCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two rounds of five sites as a coordinator keeps them. */
class RoundAuditTest {
  /** Another run of the flips: -Dfuzz.seed=N. */
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_125L);

  private static final int FLIPS = 1_000;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private Path job;

  @BeforeAll
  static void keep() throws Exception {
    KeptRounds.write(shared);
  }

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> all = Files.walk(shared)) {
      for (Path from : all.toList()) {
        Path to = directory.resolve(shared.relativize(from).toString());
        if (!Files.isDirectory(from)) {
          Files.createDirectories(to.getParent());
          Files.copy(from, to);
        }
      }
    }
    job = directory.resolve("data/jobs/job-1");
  }

  private RoundFinding audit(long round) throws IOException {
    return audit(round, false, Optional.empty());
  }

  private RoundFinding audit(long round, boolean full, Optional<SiteView> site) throws IOException {
    return new RoundAudit(kept(), new RoundAudit.Scope(full, 8, new SplittableRandom(1), site))
        .audit(round);
  }

  private KeptJob kept() throws IOException {
    return KeptJob.find(directory).jobs().getFirst();
  }

  private List<RoundFinding> missing(boolean full, Optional<SiteView> site) throws IOException {
    return new RoundAudit(kept(), new RoundAudit.Scope(full, 8, new SplittableRandom(1), site))
        .missing();
  }

  private static void assertBroken(RoundFinding finding, AuditCheck check) {
    assertThat(finding)
        .asInstanceOf(InstanceOfAssertFactories.type(RoundFinding.Broken.class))
        .satisfies(broken -> assertThat(broken.check()).as(broken.detail()).isEqualTo(check));
  }

  private RoundFinding.Holds assertHolds(RoundFinding finding) {
    assertThat(finding).isInstanceOf(RoundFinding.Holds.class);
    return (RoundFinding.Holds) finding;
  }

  @Test
  void audit_honestRounds_holdToTheLastChunk() throws IOException {
    assertThat(kept().published()).containsExactly(1L, 2L);
    for (long round = 1; round <= 2; round++) {
      RoundFinding.Holds holds = assertHolds(audit(round, true, Optional.empty()));

      assertThat(holds.sites()).isEqualTo(5);
      assertThat(holds.recomputed()).isEqualTo(holds.chunks()).isEqualTo(1);
      assertThat(holds.notChecked()).isEmpty();
    }
  }

  /** The chunks and the next model are recomputed in the ring of 2^16. */
  @Test
  void audit_roundsOfTheNarrowRing_holdUntilTheSumChanges(@TempDir Path narrow) throws Exception {
    KeptRounds.write(narrow, Suite.FLSA1_Z16);
    RoundAudit audit =
        new RoundAudit(
            KeptJob.find(narrow).jobs().getFirst(),
            new RoundAudit.Scope(true, 8, new SplittableRandom(1), Optional.empty()));
    for (long round = 1; round <= 2; round++) {
      assertThat(assertHolds(audit.audit(round)).recomputed()).isEqualTo(1);
    }
    Path sum = narrow.resolve("data/jobs/job-1/rounds/1/attempt-0/sum");
    byte[] changed = Files.readAllBytes(sum);
    assertThat(changed).hasSize(2 * (8 + 1 + 2));
    changed[0] ^= 1;
    Files.write(sum, changed);
    assertBroken(audit.audit(1), AuditCheck.SUM);
  }

  @Test
  void find_directoryOfTheJobOrAboveIt_sameJob() throws IOException {
    assertThat(KeptJob.find(job).jobs()).hasSize(1);
    assertThat(KeptJob.find(directory.resolve("data")).jobs()).hasSize(1);
    assertThat(KeptJob.find(directory.resolve("site")).jobs()).isEmpty();
  }

  /** Any byte of transcript, upload, sum or model, at a thousand random places. */
  @Test
  void audit_anySingleByteChanged_isBroken() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(job)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.endsWith("manifest.json"))
              .sorted()
              .toList();
    }
    assertThat(files).hasSize(2 * (1 + 1 + 5) + 3);
    Random random = new Random(SEED);
    for (int i = 0; i < FLIPS; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] honest = Files.readAllBytes(file);
      byte[] changed = honest.clone();
      int position = random.nextInt(changed.length);
      changed[position] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, changed);

      RoundFinding first = audit(1);
      assertThat(first instanceof RoundFinding.Broken ? first : audit(2))
          .as("seed %d: byte %d of %s", SEED, position, job.relativize(file))
          .isInstanceOf(RoundFinding.Broken.class);
      Files.write(file, honest);
    }
    assertHolds(audit(1));
    assertHolds(audit(2));
  }

  @Test
  void audit_otherManifest_isBroken() throws IOException {
    Path manifest = job.resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("A test", "A tesT"));

    assertBroken(audit(1), AuditCheck.KEYS);
  }

  @Test
  void audit_transcriptOfAnotherRound_isBroken() throws IOException {
    Files.copy(
        job.resolve("rounds/1/transcript"),
        job.resolve("rounds/2/transcript"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertBroken(audit(2), AuditCheck.TRANSCRIPT);
    assertBroken(audit(3), AuditCheck.TRANSCRIPT);
  }

  @Test
  void audit_roundBeforeIsMissing_chainIsBroken() throws IOException {
    Files.delete(job.resolve("rounds/1/transcript"));

    assertBroken(audit(2), AuditCheck.CHAIN);
  }

  @Test
  void audit_filesNotKept_holdsAndSaysWhatWasNotChecked() throws IOException {
    try (Stream<Path> uploads = Files.list(job.resolve("rounds/1/attempt-0/uploads"))) {
      for (Path upload : uploads.toList()) {
        Files.delete(upload);
      }
    }
    RoundFinding.Holds holds = assertHolds(audit(1));
    assertThat(holds.notChecked()).containsExactly(RoundFinding.Missing.UPLOADS);
    assertThat(holds.recomputed()).isZero();
    assertBroken(audit(1, true, Optional.empty()), AuditCheck.KEPT);

    Files.delete(job.resolve("rounds/1/attempt-0/sum"));
    assertThat(assertHolds(audit(1)).notChecked())
        .containsExactly(RoundFinding.Missing.UPLOADS, RoundFinding.Missing.SUM);
  }

  @Test
  void audit_oneUploadMissing_isBroken() throws IOException {
    try (Stream<Path> uploads = Files.list(job.resolve("rounds/1/attempt-0/uploads"))) {
      Files.delete(uploads.findFirst().orElseThrow());
    }

    assertBroken(audit(1), AuditCheck.UPLOAD_FILES);
  }

  @Test
  void audit_fileCut_isBroken() throws IOException {
    Path sum = job.resolve("rounds/2/attempt-0/sum");
    byte[] bytes = Files.readAllBytes(sum);
    Files.write(sum, java.util.Arrays.copyOf(bytes, bytes.length - 4));

    assertBroken(audit(2), AuditCheck.SUM);
  }

  @Test
  void audit_withTheSitesJournal_holds() throws IOException {
    SiteView view = SiteView.of(directory.resolve("site/state"));

    assertHolds(audit(1, true, Optional.of(view)));
    assertHolds(audit(2, true, Optional.of(view)));
  }

  @Test
  void audit_journalThatKnowsNothing_isSaid() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.createFile(other.resolve("journal"));
    Optional<SiteView> view = Optional.of(SiteView.of(other));

    assertThat(assertHolds(audit(1, false, view)).notChecked())
        .containsExactly(RoundFinding.Missing.SITE);
    assertBroken(audit(1, true, view), AuditCheck.KEPT);
  }

  /** A transcript that was taken away leaves other traces, here or at a site. */
  @Test
  void missing_transcriptTakenAway_isFound() throws IOException {
    Optional<SiteView> view = Optional.of(SiteView.of(directory.resolve("site/state")));
    assertThat(missing(true, view)).isEmpty();

    Files.delete(job.resolve("rounds/2/transcript"));
    assertThat(missing(false, view)).containsExactly(new RoundFinding.Unfinished(2));
    assertBroken(missing(true, view).getFirst(), AuditCheck.TRANSCRIPT);

    Files.delete(job.resolve("rounds/2/attempt-0/sum"));
    try (Stream<Path> uploads = Files.list(job.resolve("rounds/2/attempt-0/uploads"))) {
      for (Path upload : uploads.toList()) {
        Files.delete(upload);
      }
    }
    assertThat(missing(true, Optional.empty())).isEmpty();
    assertBroken(missing(false, view).getFirst(), AuditCheck.SITE);

    Files.delete(job.resolve("rounds/1/transcript"));
    Files.copy(job.resolve("rounds/1/attempt-0/sum"), job.resolve("rounds/2/attempt-0/sum"));
    assertThat(missing(false, Optional.empty()))
        .hasSize(2)
        .hasAtLeastOneElementOfType(RoundFinding.Broken.class);
  }

  @Test
  void audit_whatIsNoFile_isBrokenAndNeverRead() throws IOException {
    Path transcript = job.resolve("rounds/2/transcript");
    Files.delete(transcript);
    Files.createSymbolicLink(transcript, Path.of("/dev/zero"));
    assertBroken(audit(2), AuditCheck.TRANSCRIPT);
    assertThat(((RoundFinding.Broken) audit(2)).detail()).endsWith("is no regular file");

    Files.delete(transcript);
    Files.createDirectory(transcript);
    assertBroken(audit(2), AuditCheck.TRANSCRIPT);

    Files.delete(transcript);
    Files.createSymbolicLink(transcript, transcript);
    assertBroken(audit(2), AuditCheck.TRANSCRIPT);

    Path sum = job.resolve("rounds/1/attempt-0/sum");
    Files.delete(sum);
    Files.createDirectory(sum);
    assertBroken(audit(1), AuditCheck.SUM);
  }

  @Test
  void find_jobsWithoutManifestOrWithABrokenOne_areNamed() throws IOException {
    Files.createDirectories(directory.resolve("data/jobs/job-0/rounds"));
    Path broken = Files.createDirectories(directory.resolve("data/jobs/job-2"));
    Files.writeString(broken.resolve("manifest.json"), "{}");

    KeptJob.Found found = KeptJob.find(directory);

    assertThat(found.jobs()).hasSize(1);
    assertThat(found.unreadable())
        .hasSize(2)
        .anySatisfy(problem -> assertThat(problem).contains("job-0", "is missing"))
        .anySatisfy(problem -> assertThat(problem).contains("job-2", "is no manifest"));
  }

  @Test
  void audit_withAnotherConsortiumsJournal_isBroken(@TempDir Path other) throws Exception {
    SiteView view = SiteView.of(KeptRounds.write(other).resolve("site/state"));

    assertBroken(audit(1, false, Optional.of(view)), AuditCheck.SITE);
  }
}
