package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.hanse.core.plan.Bytes;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.WorkItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {
  private static final long GOLDEN_SEED = 1;
  private static final int ROUND_TRIPS = 25;
  private static final int RANDOM_INPUTS = 300;
  private static final int MUTATED_MESSAGES = 10;
  private static final int MUTATIONS = 40;

  /** Another run of the fuzz tests: -Dfuzz.seed=N. */
  private static final long FUZZ_SEED = Long.getLong("fuzz.seed", 20_261_122L);

  /** Values hold arrays, so they are compared field by field; not byte by byte. */
  private static final RecursiveComparisonConfiguration BYTES_AS_A_WHOLE =
      RecursiveComparisonConfiguration.builder()
          .withEqualsForType(Bytes::equals, Bytes.class)
          .withEqualsForType(Arrays::equals, byte[].class)
          .build();

  static Stream<WireCase<?, ?>> cases() {
    return WireCase.all();
  }

  @Test
  void cases_everyMessageOfBothServices_isThere() {
    List<String> carried =
        Stream.of(WorkItem.getDescriptor().getFile(), JobEvent.getDescriptor().getFile())
            .flatMap(file -> file.getServices().stream())
            .flatMap(service -> service.getMethods().stream())
            .flatMap(method -> Stream.of(method.getInputType(), method.getOutputType()))
            .filter(type -> !type.getFields().isEmpty()) // else there is nothing to convert
            .map(Descriptor::getFullName)
            .toList();

    assertThat(cases().map(c -> c.message(GOLDEN_SEED).getDescriptorForType().getFullName()))
        .containsAll(carried);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encode_sampleOfSeedOne_isGolden(WireCase<?, ?> wireCase) {
    String hex = HexFormat.of().formatHex(wireCase.message(GOLDEN_SEED).toByteArray());

    assertThat(hex).isEqualTo(Golden.text("messages/" + wireCase.name() + ".hex", hex));
  }

  @ParameterizedTest
  @MethodSource("cases")
  <V, M extends Message> void decode_goldenBytes_isSampleOfSeedOne(WireCase<V, M> wireCase)
      throws InvalidProtocolBufferException {
    byte[] golden =
        HexFormat.of()
            .parseHex(
                Golden.text(
                    "messages/" + wireCase.name() + ".hex",
                    HexFormat.of().formatHex(wireCase.message(GOLDEN_SEED).toByteArray())));

    assertThat(wireCase.decodeBytes(golden))
        .usingRecursiveComparison(BYTES_AS_A_WHOLE)
        .isEqualTo(wireCase.sample().apply(new Samples(GOLDEN_SEED)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  <V, M extends Message> void decode_encodedValue_isTheValue(WireCase<V, M> wireCase)
      throws InvalidProtocolBufferException {
    for (long seed = 0; seed < ROUND_TRIPS; seed++) {
      V value = wireCase.sample().apply(new Samples(seed));

      V decoded = wireCase.decodeBytes(wireCase.encode().apply(value).toByteArray());

      assertThat(decoded)
          .as("seed %d", seed)
          .usingRecursiveComparison(BYTES_AS_A_WHOLE)
          .isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decode_randomBytes_isAValueOrRefused(WireCase<?, ?> wireCase) {
    Random random = new Random(FUZZ_SEED);
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      assertNothingElse(wireCase, bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decode_mutatedMessage_isAValueOrRefused(WireCase<?, ?> wireCase) {
    Random random = new Random(FUZZ_SEED);
    for (int i = 0; i < MUTATED_MESSAGES; i++) {
      byte[] message = wireCase.message(random.nextLong()).toByteArray();
      for (int j = 0; j < MUTATIONS; j++) {
        assertNothingElse(wireCase, Mutations.mutate(message, random));
      }
    }
  }

  private static void assertNothingElse(WireCase<?, ?> wireCase, byte[] bytes) {
    try {
      wireCase.decodeBytes(bytes);
    } catch (InvalidProtocolBufferException | MalformedMessageException expected) {
      // What a peer's bytes may lead to.
    } catch (RuntimeException e) {
      throw new AssertionError(
          "fuzz seed %d, bytes %s".formatted(FUZZ_SEED, HexFormat.of().formatHex(bytes)), e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  <V, M extends Message> void decode_unknownFields_areIgnored(WireCase<V, M> wireCase)
      throws InvalidProtocolBufferException {
    byte[] known = wireCase.message(GOLDEN_SEED).toByteArray();
    // Field 2047, varint 1: what a newer build may send.
    byte[] more = Arrays.copyOf(known, known.length + 3);
    more[known.length] = (byte) 0xf8;
    more[known.length + 1] = 0x7f;
    more[known.length + 2] = 1;

    assertThat(wireCase.decodeBytes(more))
        .usingRecursiveComparison(BYTES_AS_A_WHOLE)
        .isEqualTo(wireCase.decodeBytes(known));
  }
}
