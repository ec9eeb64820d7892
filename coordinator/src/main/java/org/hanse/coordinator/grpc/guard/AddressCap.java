package org.hanse.coordinator.grpc.guard;

import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A listening socket that closes connections beyond a number per address before a single byte of
 * TLS is read.
 */
public final class AddressCap extends NioServerSocketChannel {
  /** Connections that one address may hold: a whole consortium may stand behind one. */
  public static final int MAX_PER_ADDRESS = 512;

  private final int maxPerAddress;
  private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();

  public AddressCap(int maxPerAddress) {
    this.maxPerAddress = maxPerAddress;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int count = super.doReadMessages(accepted);
    if (count <= 0 || !(accepted.getLast() instanceof SocketChannel channel)) {
      return count;
    }
    InetSocketAddress peer = channel.remoteAddress();
    if (peer == null) {
      return count;
    }
    InetAddress address = peer.getAddress();
    if (connections.merge(address, 1, Integer::sum) > maxPerAddress) {
      forget(address);
      accepted.removeLast();
      // Not registered with an event loop yet: unsafe() closes the socket itself.
      channel.unsafe().closeForcibly();
      return 0;
    }
    channel.closeFuture().addListener(closed -> forget(address));
    return count;
  }

  private void forget(InetAddress address) {
    connections.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
  }
}
