package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.hanse.client.agent.FakeConnection.Moment;
import org.hanse.core.plan.Bytes;
import org.hanse.core.secagg.FromSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An attempt's secrets live in memory alone: never in a file, a log line or an exception. */
class AgentSecretsTest {
  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  /** Files of the state directory as they were around every call, by name and content. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private void startLog() {
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void stopLog() {
    root.detachAppender(log);
    root.setLevel(before);
  }

  @Test
  void attempts_withRestartsAndRefusals_leaveNoSecretInFilesOrLogs() throws Exception {
    startLog();
    AgentFixture fixture =
        new AgentFixture(new TestJob(TestJob.Options.DEFAULT.rounds(2)), directory);
    AgentFixture.Running first =
        fixture.start((call, moment) -> {
          look();
          if (call.equals("send:Confirmation") && moment == Moment.BEFORE) {
            throw new SimulatedCrash("with all secrets in memory");
          }
        });
    assertThat(first.awaitEnd()).isPresent();
    fixture.consortium.abandonAttempt();
    fixture.start((call, moment) -> look());
    fixture.awaitJobEnd();
    fixture.stopAll();

    assertThat(fixture.consortium.countedAgent).hasSize(2);
    List<byte[]> secrets = secrets(fixture);
    assertThat(secrets).hasSizeGreaterThan(fixture.entropies.size());
    String text = logged();
    for (byte[] secret : secrets) {
      assertThat(found(secret, text)).isEmpty();
    }
    // What the search is worth: it finds what a journal does hold.
    byte[] model = fixture.job.manifest().training().initialModelHash().bytes().toByteArray();
    assertThat(found(model, text)).anyMatch(name -> name.startsWith("journal"));
  }

  /** Entropy of every attempt, and what the releases showed of what was made of it. */
  private static List<byte[]> secrets(AgentFixture fixture) {
    List<byte[]> secrets = new ArrayList<>(fixture.entropies);
    for (List<FromSite> said : fixture.consortium.fromAgent.values()) {
      for (FromSite message : said) {
        if (message instanceof FromSite.Release release) {
          secrets.add(release.selfMask().toByteArray());
          release.shares().stream()
              .map(FromSite.ReleasedShare::share)
              .map(Bytes::toByteArray)
              .forEach(secrets::add);
        }
      }
    }
    return secrets;
  }

  private void look() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        seen.add(
            directory.relativize(file)
                + ":"
                + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      // A file that was renamed meanwhile is seen under its other name.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the bytes turn up, as they are, in hexadecimal or in Base64. */
  private Set<String> found(byte[] secret, String text) {
    List<String> forms =
        List.of(
            new String(secret, StandardCharsets.ISO_8859_1),
            HexFormat.of().formatHex(secret),
            Base64.getEncoder().encodeToString(secret));
    Set<String> places = new TreeSet<>();
    for (String file : seen) {
      if (forms.stream().anyMatch(file::contains)) {
        places.add(file.substring(0, file.indexOf(':')));
      }
    }
    if (forms.stream().anyMatch(text::contains)) {
      places.add("log");
    }
    return places;
  }

  private String logged() {
    StringBuilder text = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      text.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        text.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
      }
    }
    return text.toString();
  }
}
