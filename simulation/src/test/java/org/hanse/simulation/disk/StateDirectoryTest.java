package org.hanse.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.StateDirectory;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void open_powerCutAfterwards_journalAndDirectoriesAreThere(long seed) throws Exception {
    World world = new World(seed);
    Disk disk = new Disk(new SplittableRandom(seed));
    SimulatedProcess first = new SimulatedProcess(world, "site");
    Path root = new DiskView(disk, first).root().resolve("var/hanse");
    try (StateDirectory state = StateDirectory.open(root);
        var _ = SiteJournal.open(state.root().resolve("journal"))) {
      state.subdirectory("updates");
    }
    first.kill();

    disk.losePower();

    Path found =
        new DiskView(disk, new SimulatedProcess(world, "site")).root().resolve("var/hanse");
    assertThat(Files.exists(found.resolve("journal"))).isTrue();
    assertThat(Files.isDirectory(found.resolve("updates"))).isTrue();
  }
}
