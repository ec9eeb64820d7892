package org.hanse.coordinator.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.hanse.coordinator.authority.CoordinatorKeys;
import org.hanse.coordinator.authority.KeyFiles;
import org.hanse.coordinator.authority.SigningCertificates;
import org.hanse.coordinator.engine.JobParts;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.engine.MonotonicClock;
import org.hanse.coordinator.engine.Retention;
import org.hanse.coordinator.engine.SystemThreads;
import org.hanse.coordinator.engine.SystemTimers;
import org.hanse.coordinator.engine.Timers;
import org.hanse.coordinator.engine.TurnDesk;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.sql.Database;
import org.hanse.coordinator.storage.sql.Settings;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;

/** A server with other times than a coordinator's own. */
final class LocalServer implements AutoCloseable {
  private final TestAuthority authority = new TestAuthority();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final MonotonicClock clock = new MonotonicClock();
  private final SystemTimers timers = new SystemTimers(clock);
  private final Path data;
  private final Database database;
  private final Jobs jobs;
  private final CoordinatorServer server;

  LocalServer(Path directory, TestJob job, CallTimes times) throws Exception {
    this(directory, job, times, true);
  }

  /** Whether it serves; without, it is as it is while it reads what it had stored. */
  LocalServer(Path directory, TestJob job, CallTimes times, boolean serving) throws Exception {
    TestConsortium.writeConfig(directory, authority, job.coordinator());
    this.data = directory.resolve("data");
    CoordinatorKeys keys = keys(directory);
    CallRegister register = new CallRegister(clock);
    this.database = Database.open(new Settings.Sqlite(data));
    this.jobs = jobs(database.jobs(), data, job, timers, clock, executor);
    ServiceParts parts = parts(keys, database.sites(), jobs, timers, clock, executor);
    this.server =
        CoordinatorServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            keys,
            parts,
            register,
            times);
    if (serving) {
      serve();
    }
  }

  void serve() {
    server.serve();
  }

  static CoordinatorKeys keys(Path directory) {
    KeyFiles files =
        new KeyFiles(
            new KeyFiles.Pair(directory.resolve("tls.crt"), directory.resolve("tls.key")),
            new KeyFiles.Pair(directory.resolve("signing.crt"), directory.resolve("signing.key")),
            directory.resolve("ca.crt"));
    if (files.load(InstantSource.system().instant())
        instanceof KeyFiles.Loaded.Good(CoordinatorKeys keys)) {
      return keys;
    }
    throw new IllegalStateException("keys are not in order");
  }

  static Jobs jobs(
      JobStore store,
      Path data,
      TestJob job,
      Timers timers,
      InstantSource clock,
      ExecutorService executor) {
    TurnDesk turns = new TurnDesk(4);
    turns.open();
    return new Jobs(
        data,
        job.coordinator().key(),
        new JobParts.Shared(
            store,
            clock,
            timers,
            new SystemThreads(executor),
            new WorkBoard(),
            new CallRegister(clock),
            turns,
            new JobParts.Rules(
                new Patience(Duration.ofSeconds(10), Duration.ofSeconds(1)),
                Retention.LAST_ROUND,
                Duration.ofDays(1))));
  }

  static ServiceParts parts(
      CoordinatorKeys keys,
      SiteStore sites,
      Jobs jobs,
      Timers timers,
      InstantSource clock,
      Executor executor) {
    return new ServiceParts(
        new ServiceParts.Who(
            keys.authority(), new SigningCertificates(), sites, keys.signingKey().fingerprint()),
        jobs,
        new WorkBoard(),
        new ServiceParts.When(clock, timers, Duration.ofSeconds(1)),
        executor);
  }

  TestChannel connectUser(String user) {
    return TestChannel.to(server.port(), authority, authority.userTls(user));
  }

  /** A connection whose peer sends little unless the caller takes it. */
  TestChannel connectWithSmallWindow(String user) throws SSLException {
    TestAuthority.Credential credential = authority.userTls(user);
    return new TestChannel(
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(authority.certificate())
                    .keyManager(credential.keys().getPrivate(), credential.certificate())
                    .build())
            .flowControlWindow(1 << 16)
            .build());
  }

  /** What is staged or was published. */
  Path data() {
    return data;
  }

  @Override
  public void close() throws IOException {
    server.close();
    jobs.close();
    timers.close();
    executor.shutdownNow();
    database.close();
  }
}
