package org.hanse.simulation.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ByteRelayTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private ServerSocket server;
  private ByteRelay relay;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    relay =
        ByteRelay.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
  }

  @AfterEach
  void close() throws IOException {
    relay.close();
    server.close();
  }

  @Test
  void open_bytesPassUnchangedInBothDirections() throws Exception {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      FutureTask<Void> sender =
          new FutureTask<>(() -> {
            client.getOutputStream().write(bytes);
            return null;
          });
      Thread.ofPlatform().start(sender);
      assertThat(accepted.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
      sender.get();

      accepted.getOutputStream().write(bytes, 0, 1_000);
      assertThat(client.getInputStream().readNBytes(1_000)).hasSize(1_000).startsWith(bytes[0]);
    }
  }

  @Test
  void slowTo_rate_takesItsTime() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      relay.slowTo(4_000);
      long before = System.nanoTime();
      client.getOutputStream().write(new byte[2_000]);
      accepted.getInputStream().readNBytes(2_000);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void freezeAfter_bytes_exactlySoManyPassAndTheOtherDirectionGoesOn() throws Exception {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      relay.slowTo(100_000);
      relay.freezeAfter(300);
      client.getOutputStream().write(new byte[10_000]);

      assertThat(relay.awaitFrozen(SOON)).isTrue();
      assertThat(received(accepted)).isEqualTo(300);
      accepted.getOutputStream().write(5);
      assertThat(client.getInputStream().read()).isEqualTo(5);
    }
  }

  @Test
  void awaitFrozen_nothingSent_saysNo() throws Exception {
    relay.freezeAfter(1);

    assertThat(relay.awaitFrozen(Duration.ofMillis(50))).isFalse();
  }

  @Test
  void reset_frozen_waitingBytesAreLostAndNewConnectionsFlow() throws Exception {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      relay.freezeAfter(10);
      client.getOutputStream().write(new byte[1_000]);
      assertThat(relay.awaitFrozen(SOON)).isTrue();

      relay.reset();

      assertThat(received(accepted)).isEqualTo(10);
      assertThat(ended(client)).isTrue();
    }
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      client.getOutputStream().write(new byte[1_000]);
      assertThat(accepted.getInputStream().readNBytes(1_000)).hasSize(1_000);
    }
  }

  @Test
  void connect_serverGone_callerIsTurnedAway() throws IOException {
    server.close();

    try (Socket client = connect()) {
      assertThat(ended(client)).isTrue();
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), relay.port());
  }

  /** Bytes that arrive until the end or until none does for a while. */
  private static int received(Socket socket) throws IOException {
    socket.setSoTimeout(300);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    } catch (SocketTimeoutException e) {
      // Nothing more comes.
    }
    return all.size();
  }

  private static boolean ended(Socket socket) throws IOException {
    socket.setSoTimeout(5_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // a reset is an end too
    }
  }
}
