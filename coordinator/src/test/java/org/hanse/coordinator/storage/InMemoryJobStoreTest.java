package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.hanse.coordinator.storage.StorageException.Code;
import org.hanse.coordinator.testing.InMemoryJobStore;
import org.junit.jupiter.api.Test;

class InMemoryJobStoreTest extends JobStoreContract {
  private final InMemoryJobStore store = new InMemoryJobStore();

  @Override
  protected JobStore store() {
    return store;
  }

  @Test
  void failNext_oneCallFails_nothingChangedAndTheNextSucceeds() throws IOException {
    store.create(JOB, NOW);
    Snapshot before = Snapshot.of(store, ID);
    StorageException full = new StorageException(Code.FULL, "no space is left");
    store.failNext(full);
    assertThatThrownBy(() -> store.write(ID, NOW.plusSeconds(1), List.of())).isSameAs(full);
    assertThat(Snapshot.of(store, ID)).isEqualTo(before);
    store.write(ID, NOW.plusSeconds(1), List.of());
  }

  @Test
  void crash_storeAsItWas_laterChangesOfEitherAreNotTheOthers() throws IOException {
    store.create(JOB, NOW);
    fill(ID);
    Snapshot before = Snapshot.of(store, ID);
    InMemoryJobStore found = store.crash();
    store.delete(ID);
    assertThat(Snapshot.of(found, ID)).isEqualTo(before);
    assertThat(store.jobs()).isEmpty();
  }
}
