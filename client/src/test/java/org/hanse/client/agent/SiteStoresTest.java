package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.UpdateStore;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteStoresTest {
  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
  private static final RoundId FORGOTTEN = new RoundId(new JobId("forgotten"), 3);
  private static final RoundId ALIVE = new RoundId(new JobId("alive"), 7);

  @TempDir private Path directory;
  private SiteStores stores;

  @BeforeEach
  void open() throws IOException {
    for (String name : List.of("updates", "models", "results")) {
      Files.createDirectories(directory.resolve(name));
    }
    stores =
        new SiteStores(
            SiteJournal.open(directory.resolve("journal")),
            new UpdateStore(directory.resolve("updates")),
            new ModelStore(directory.resolve("models")),
            new ResultFiles(directory.resolve("results")));
  }

  @AfterEach
  void close() throws IOException {
    stores.journal().close();
  }

  private void save(RoundId round, int daysAgo) throws IOException {
    Hash saved = stores.updates().save(round, new LocalUpdate(FloatVector.of(1), 1, List.of()));
    Hash any = Hash.of(new byte[Hash.SIZE_BYTES]);
    stores.remember(new SiteRecord.UpdateSaved(round, new SiteRecord.Origin(any, any), saved));
    age("updates", round.job() + "." + round.round() + ".update", daysAgo);
  }

  private void age(String folder, String name, int daysAgo) throws IOException {
    Files.setLastModifiedTime(
        directory.resolve(folder).resolve(name),
        FileTime.from(NOW.minus(Duration.ofDays(daysAgo))));
  }

  private List<String> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void tidy_jobUnheardOfForAMonth_isClosedAndItsUpdateGone() throws IOException {
    save(FORGOTTEN, 31);
    save(ALIVE, 29);

    stores.tidy(NOW);

    assertThat(files("updates")).containsExactly("alive.7.update");
    assertThat(stores.memory(FORGOTTEN.job()).closed(FORGOTTEN)).isTrue();
    assertThat(stores.memory(ALIVE.job()).closed(ALIVE)).isFalse();
  }

  @Test
  void tidy_oldUpdateOfAJobWithANewModel_stays() throws IOException {
    save(ALIVE, 31);
    Files.writeString(directory.resolve("models").resolve("alive.00.f32"), "new");
    age("models", "alive.00.f32", 1);

    stores.tidy(NOW);

    assertThat(files("updates")).containsExactly("alive.7.update");
  }

  @Test
  void tidy_models_onlyThoseWrittenLatelyStay() throws IOException {
    for (String name : List.of("old.00.f32", "old.01.partial", "new.00.f32")) {
      Files.writeString(directory.resolve("models").resolve(name), "model");
      age("models", name, name.startsWith("old") ? 31 : 29);
    }

    stores.tidy(NOW);

    assertThat(files("models")).containsExactly("new.00.f32");
  }

  @Test
  void tidy_whatACrashLeftBehind_isGone() throws IOException {
    save(ALIVE, 1);
    Files.writeString(directory.resolve("updates").resolve("alive.8.update.partial"), "half");
    Files.writeString(directory.resolve("updates").resolve("alive.8.update"), "not in the journal");

    stores.tidy(NOW);

    assertThat(files("updates")).containsExactly("alive.7.update");
  }
}
