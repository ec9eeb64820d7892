package org.hanse.coordinator.grpc.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that greets with one byte. */
class AddressCapTest {
  private static final int CAP = 2;
  private static final int GREETING = 7;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Channel server;

  @BeforeEach
  void start() throws Exception {
    server =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(() -> new AddressCap(CAP))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Greeter());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      var _ = context.writeAndFlush(context.alloc().buffer().writeByte(GREETING));
    }
  }

  @Test
  void connectionBeyondTheCap_closedUngreetedUntilAnotherEnds() throws IOException {
    try (Socket first = connect();
        Socket second = connect()) {
      assertThat(greeting(first)).isEqualTo(GREETING);
      assertThat(greeting(second)).isEqualTo(GREETING);
      for (int i = 0; i < 3 * CAP; i++) {
        try (Socket excess = connect()) {
          assertThat(greeting(excess)).isEqualTo(-1);
        }
      }

      first.shutdownOutput();

      awaitGreeting();
      assertThat(server.isOpen()).isTrue();
    }
  }

  /** The end of another connection reaches the server when it does. */
  private void awaitGreeting() throws IOException {
    long start = System.nanoTime();
    while (true) {
      try (Socket again = connect()) {
        if (greeting(again) == GREETING) {
          return;
        }
      }
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
    }
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static int greeting(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException e) {
      return -1; // reset rather than closed
    }
  }
}
