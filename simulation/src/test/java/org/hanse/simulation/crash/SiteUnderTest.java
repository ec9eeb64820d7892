package org.hanse.simulation.crash;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.hanse.simulation.crash.disk.WatchedDisk;
import org.hanse.simulation.demo.LocalSite;

/** A site's agent as {@code hanse client run} wires it, with failpoints below it. */
final class SiteUnderTest {
  private SiteUnderTest() {}

  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    });
    Orders orders = Orders.await();
    SitePlaces places = new SitePlaces(ConsortiumOnDisk.state(orders.config()));
    Failpoints failpoints = new Failpoints(orders.armed(), places::of, places::of);
    Path config = new WatchedDisk(FileSystems.getDefault(), failpoints).watched(orders.config());
    var _ = LocalSite.start(config, new Told(word -> Orders.say("told " + word)));
  }
}
