package org.hanse.coordinator.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.JobStoreContract;
import org.hanse.coordinator.storage.JournalSamples;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.core.plan.SiteId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every database does. */
abstract class SqlJobStoreContract extends JobStoreContract {
  @TempDir protected Path directory;
  private @Nullable Database database;

  /** The same database at each call of a test; empty at its first. */
  abstract Settings settings() throws IOException;

  Database database() throws IOException {
    if (database == null) {
      database = Database.open(settings());
    }
    return database;
  }

  @Override
  protected JobStore store() throws IOException {
    return database().jobs();
  }

  @AfterEach
  void close() throws IOException {
    if (database != null) {
      database.close();
      database = null;
    }
  }

  @Test
  void open_again_everythingThatWasWrittenIsThere() throws IOException {
    store().create(JOB, NOW);
    store().create(description("job-2"), NOW);
    fill(ID);
    Snapshot before = Snapshot.of(store(), ID);

    close();

    assertThat(Snapshot.of(store(), ID)).isEqualTo(before);
    assertThat(before.jobs()).hasSize(2);
  }

  @Test
  void sites_seenAgain_asTheyWereSeenLast() throws IOException {
    Instant later = NOW.plusNanos(1);
    database().sites().seen(new SiteId("b"), JournalSamples.key(JournalSamples.SITE), NOW);
    database().sites().seen(new SiteId("a-b"), JournalSamples.key(JournalSamples.THIRD), NOW);
    database().sites().seen(new SiteId("ab"), JournalSamples.key(JournalSamples.THIRD), NOW);
    database().sites().seen(new SiteId("b"), JournalSamples.key(JournalSamples.OTHER), later);
    close();

    assertThat(database().sites().all())
        .extracting(StoredSite::site)
        .containsExactly(new SiteId("a-b"), new SiteId("ab"), new SiteId("b"));
    assertThat(database().sites().all())
        .last()
        .isEqualTo(
            new StoredSite(
                new SiteId("b"),
                JournalSamples.OTHER,
                JournalSamples.key(JournalSamples.OTHER).certificateDer(),
                JournalSamples.key(JournalSamples.OTHER).notAfter(),
                later));
  }
}
