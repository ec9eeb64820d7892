package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.encode.AggregateDecoder;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A whole round of five sites, one of which leaves after dealing shares, bit for bit as it was when
 * the files were made. Replayed by other kinds of virtual machine too: the profile {@code replay}.
 * {@code -Dgolden.rewrite=true} writes the files anew; the difference is a change of the protocol.
 */
class GoldenRoundTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/vectors");

  @Test
  void replay_smallModel_sameBits() throws IOException {
    assertReplays("golden-round-20000.txt", new TestConsortium.Shape(5, 1, Suite.FLSA1, 197, 100));
  }

  /** Rotated in two steps that overlap, and restored. */
  @Test
  void replay_smallModelInTheNarrowRing_sameBits() throws IOException {
    assertReplays(
        "golden-round-20000-z16.txt", new TestConsortium.Shape(5, 1, Suite.FLSA1_Z16, 197, 100));
  }

  @Test
  @Tag("large")
  void replay_millionParameters_sameBits() throws IOException {
    assertReplays(
        "golden-round-1000000.txt", new TestConsortium.Shape(5, 1, Suite.FLSA1, 997, 1000));
  }

  private static void assertReplays(String fileName, TestConsortium.Shape shape)
      throws IOException {
    String replayed = transcript(TestConsortium.of(shape));
    Path file = DIRECTORY.resolve(fileName);
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(file, replayed);
    }

    assertThat(replayed.lines()).containsExactlyElementsOf(Files.readAllLines(file));
  }

  private static String transcript(TestConsortium consortium) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Source: this implementation, by GoldenRoundTest with -Dgolden.rewrite=true, which");
    lines.add(
        "# was checked against flsa1.txt. SHA-256 of the values that each message consists of.");
    lines.add("parameters = " + consortium.manifest().layout().parameterCount());
    ProtocolFederation federation =
        new ProtocolFederation(consortium, 39).dropping(2, Dropout.AFTER_SHARES);
    federation.relay =
        (to, message) -> {
          lines.add("to " + to + ' ' + named(message));
          return Optional.of(message);
        };
    federation.tamper =
        (site, message) -> {
          lines.add("from " + site.name() + ' ' + named(message));
          return message;
        };
    federation.run();

    assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
    ToSite.Result result = ((AggregationState.Closed) federation.state).outcome().result();
    lines.add("tags = " + result.tag0() + ' ' + result.tag1());
    assertThat(federation.counted()).hasSize(4);
    federation
        .counted()
        .forEach(site -> lines.add("upload " + site + " = " + sha256(uploadOf(federation, site))));
    lines.add("sum = " + sha256(ProtocolFederation.littleEndian(federation.sum.elements())));
    lines.add("next model = " + sha256(nextModel(consortium, federation.sum)));
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static byte[] uploadOf(ProtocolFederation federation, Fingerprint site) {
    List<byte[]> chunks = new ArrayList<>();
    for (long chunk = 0; chunk < federation.sum.chunking().chunkCount(); chunk++) {
      chunks.add(federation.readSpool(site, chunk));
    }
    return UploadBytes.joined(chunks);
  }

  /** What the server optimizer makes of a model of zeros. */
  private static byte[] nextModel(TestConsortium consortium, IntVector sum) {
    AggregateDecoder decoder =
        new AggregateDecoder(
            UpdateEncoding.of(consortium.manifest()),
            Contexts.round(
                consortium.manifest().aggregation().suite(),
                TestConsortium.attempt(7, 0).round(),
                TestConsortium.MODEL,
                TestConsortium.PLAN_HASH),
            sum);
    FloatVector model = FloatVector.allocate(consortium.manifest().layout().parameterCount());
    ServerOptimizer optimizer = ServerOptimizer.of(consortium.manifest().training().server());
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      long first = sum.chunking().firstElement(chunk);
      assertThat(optimizer.apply(model, first, decoder.averages(chunk), model)).isTrue();
    }
    return model.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  private static String named(Object message) {
    byte[] values = values(message).getBytes(StandardCharsets.UTF_8);
    return message.getClass().getSimpleName() + " = " + sha256(values);
  }

  /** Every value of a message, secret ones too, which its own text leaves out. */
  private static String values(Object value) {
    return switch (value) {
      case Record composite -> {
        List<String> parts = new ArrayList<>();
        for (RecordComponent component : composite.getClass().getRecordComponents()) {
          try {
            switch (component.getAccessor().invoke(composite)) {
              case Optional<?> part -> part.ifPresent(content -> parts.add(values(content)));
              case AgreementPublicKey key -> key.parts().forEach(part -> parts.add(values(part)));
              case Object part -> parts.add(values(part));
            }
          } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
          }
        }
        yield parts.toString();
      }
      case List<?> list -> list.stream().map(GoldenRoundTest::values).toList().toString();
      default -> value.toString();
    };
  }

  private static Hash sha256(byte[] content) {
    return LabelledHash.sha256(content);
  }
}
