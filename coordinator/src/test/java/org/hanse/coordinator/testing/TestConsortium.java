package org.hanse.coordinator.testing;

import io.grpc.ClientInterceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.hanse.coordinator.CoordinatorMain;
import org.hanse.coordinator.config.ConfigReader;
import org.hanse.coordinator.config.ConfigurationException;
import org.hanse.coordinator.testing.TestAuthority.Credential;

/** Certificates of everybody in a job, and a coordinator that runs on loopback. */
public final class TestConsortium implements AutoCloseable {
  private final Path directory;
  private final TestJob job;
  private final TestAuthority authority = new TestAuthority();
  private final List<Credential> siteTls = new ArrayList<>();
  private final List<Credential> siteSigning = new ArrayList<>();
  private final Credential researcher = authority.userTls("alice");
  private final Path config;
  private CoordinatorMain.Running coordinator;
  private ClientInterceptor[] interceptors = {};

  /** Starts a coordinator whose files are all below {@code directory}. */
  public TestConsortium(Path directory, TestJob job) throws IOException {
    this(directory, job, "");
  }

  /** The same with more keys in its configuration. */
  public TestConsortium(Path directory, TestJob job, String moreConfig) throws IOException {
    this.directory = directory;
    this.job = job;
    for (int i = 0; i < job.sites().size(); i++) {
      siteTls.add(authority.siteTls("site-" + i));
      siteSigning.add(authority.siteSigning("site-" + i, job.sites().get(i).platform()));
    }
    this.config = writeConfig(directory, authority, job.coordinator());
    Files.writeString(config, moreConfig, StandardOpenOption.APPEND);
    this.coordinator = start(config);
  }

  private static CoordinatorMain.Running start(Path config) throws IOException {
    try {
      return CoordinatorMain.start(ConfigReader.read(config));
    } catch (ConfigurationException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another coordinator takes over the files and the port of this one, which ends before. */
  public void restart() throws IOException {
    String address = coordinator.address();
    coordinator.close();
    Files.writeString(config, Files.readString(config).replace("127.0.0.1:0", address));
    coordinator = start(config);
  }

  /**
   * Writes keys and configuration of a coordinator; polls are a second long, and grace long enough
   * for a busy machine.
   */
  public static Path writeConfig(
      Path directory, TestAuthority authority, SigningPair coordinatorSigning) throws IOException {
    Credential tls = authority.coordinator(TestAuthority.ec());
    Credential signing = authority.coordinator(coordinatorSigning.platform());
    Files.writeString(directory.resolve("tls.crt"), tls.certificatePem());
    Files.writeString(directory.resolve("tls.key"), tls.keyPem());
    Files.writeString(directory.resolve("ca.crt"), authority.pem());
    Files.writeString(directory.resolve("signing.crt"), signing.certificatePem());
    Files.writeString(directory.resolve("signing.key"), signing.keyPem());
    return Files.writeString(
        directory.resolve("coordinator.yaml"),
        """
        listen: 127.0.0.1:0
        data: data
        tls: { certificate: tls.crt, key: tls.key, authority: ca.crt }
        signing: { certificate: signing.crt, key: signing.key }
        lease-seconds: 10
        grace-seconds: 5
        poll-seconds: 1
        """);
  }

  /** All connections from now on pass their calls through these. */
  public void intercept(ClientInterceptor... all) {
    interceptors = all;
  }

  public TestJob job() {
    return job;
  }

  public TestAuthority authority() {
    return authority;
  }

  public Path dataDirectory() {
    return directory.resolve("data");
  }

  public int port() {
    String address = coordinator.address();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  public Credential siteTls(int site) {
    return siteTls.get(site);
  }

  public Credential siteSigning(int site) {
    return siteSigning.get(site);
  }

  /** A connection with the certificate given. */
  public TestChannel connect(Credential credential) {
    return TestChannel.to(port(), authority, credential, interceptors);
  }

  public TestChannel connectSite(int site) {
    return connect(siteTls(site));
  }

  public TestChannel connectResearcher() {
    return connect(researcher);
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
