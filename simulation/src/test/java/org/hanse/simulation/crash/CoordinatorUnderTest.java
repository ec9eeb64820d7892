package org.hanse.simulation.crash;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.hanse.coordinator.CoordinatorMain;
import org.hanse.coordinator.config.ConfigReader;
import org.hanse.simulation.crash.disk.WatchedDisk;

/** The coordinator as {@code hanse coordinator serve} runs it, with failpoints below it. */
final class CoordinatorUnderTest {
  private CoordinatorUnderTest() {}

  public static void main(String[] args) throws Exception {
    Orders orders = Orders.await();
    CoordinatorPlaces places = new CoordinatorPlaces(ConsortiumOnDisk.data(orders.config()));
    Failpoints failpoints = new Failpoints(orders.armed(), places::of, places::of);
    Path config = new WatchedDisk(FileSystems.getDefault(), failpoints).watched(orders.config());
    try (CoordinatorMain.Running running =
        CoordinatorMain.start(
            ConfigReader.read(config), stores -> WatchedStores.around(stores, failpoints))) {
      Orders.say("listening " + running.address());
      new CountDownLatch(1).await();
    }
  }
}
