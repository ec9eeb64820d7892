package org.hanse.simulation.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes bytes between a client and a server on this machine, and can slow down or stop what the
 * client sends. It knows nothing of TLS or messages. Thread-safe.
 */
public final class ByteRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final List<Connection> connections = new ArrayList<>();
  private Throttle throttle = new Throttle();

  private ByteRelay(ServerSocket listener, InetSocketAddress server) {
    this.listener = listener;
    this.server = server;
  }

  /** Listens on a free port of 127.0.0.1 and connects each caller to {@code server}. */
  public static ByteRelay start(InetSocketAddress server) throws IOException {
    ByteRelay relay =
        new ByteRelay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
    Thread.ofPlatform().daemon().name("relay").start(relay::accept);
    return relay;
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on the client's bytes pass slowly, in small pieces. */
  public synchronized void slowTo(int bytesPerSecond) {
    throttle.slowTo(bytesPerSecond);
  }

  /** Only this many of the client's bytes pass from now on; the others wait. */
  public synchronized void freezeAfter(long bytes) {
    throttle.freezeAfter(bytes);
  }

  /** Waits until the bytes of {@link #freezeAfter} have been sent on; false if that took longer. */
  public boolean awaitFrozen(Duration atMost) throws InterruptedException {
    Throttle current;
    synchronized (this) {
      current = throttle;
    }
    return current.awaitFrozen(atMost);
  }

  /** Cuts all connections, waiting bytes included, and passes everything of later ones. */
  public synchronized void reset() {
    throttle.close();
    throttle = new Throttle();
    connections.forEach(Connection::close);
    connections.clear();
  }

  @Override
  public synchronized void close() throws IOException {
    listener.close();
    reset();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connect(client);
      } catch (IOException e) {
        // Closed, or a caller that went away again: the loop's condition tells which.
      }
    }
  }

  private synchronized void connect(Socket client) throws IOException {
    Socket upstream = new Socket();
    try {
      upstream.connect(server);
      upstream.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      client.close(); // as if the server itself had refused
      upstream.close();
      return;
    }
    Connection connection = new Connection(client, upstream);
    connections.add(connection);
    connection.pump("relay, to the server", client, upstream, throttle);
    connection.pump("relay, to the client", upstream, client, new Throttle());
  }

  private record Connection(Socket client, Socket upstream) {
    void pump(String name, Socket from, Socket to, Throttle throttle) {
      Thread.ofPlatform().daemon().name(name).start(() -> copy(from, to, throttle));
    }

    private void copy(Socket from, Socket to, Throttle throttle) {
      byte[] buffer = new byte[BUFFER_BYTES];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
          for (int sent = 0; sent < read; ) {
            int piece = throttle.pass(read - sent);
            if (piece == 0) {
              return;
            }
            out.write(buffer, sent, piece);
            sent += piece;
            throttle.written(piece);
          }
        }
      } catch (IOException e) {
        // One side closed: closing both tells the other.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody does; the connection ends
      }
    }

    void close() {
      for (Socket socket : List.of(client, upstream)) {
        try {
          socket.close();
        } catch (IOException e) {
          // It is closed for our purpose.
        }
      }
    }
  }
}
