package org.hanse.simulation.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that sites can be told before the coordinator listens on it. It lies below the range from
 * which systems take ports for outgoing connections: there, a site that tries to connect too early
 * could take the very port.
 */
final class FreePort {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 50;

  private FreePort() {}

  static int find() throws IOException {
    IOException last = new IOException("no free port found on 127.0.0.1");
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
