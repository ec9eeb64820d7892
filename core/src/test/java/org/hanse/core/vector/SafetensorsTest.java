package org.hanse.core.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.vector.Safetensors.Reading;
import org.hanse.core.vector.Safetensors.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsTest {
  private static final String ONE = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";

  @Test
  void headerBytes_twoTensors_areTheFormats() {
    Safetensors content =
        new Safetensors(
            List.of(new Tensor("0/W", List.of(2L, 2L)), new Tensor("0/b", List.of(2L))),
            Map.of("round", "7"),
            FloatVector.of(1, 2, 3, 4, 5, 6));
    String json =
        "{\"__metadata__\":{\"round\":\"7\"},"
            + "\"0/W\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"0/b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}";
    byte[] header = content.headerBytes();
    ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong()).isEqualTo(header.length - 8);
    assertThat(header.length % 8).isZero();
    assertThat(new String(header, 8, header.length - 8, StandardCharsets.UTF_8))
        .isEqualTo(json + " ".repeat(header.length - 8 - json.length()));
  }

  @Test
  void readAndWrite_fileOfTheReferenceImplementation_agreeWithIt() {
    byte[] file = VectorFile.read("safetensors.txt", "reference-file").array("file");
    Safetensors content = readWell(file);
    assertThat(content.tensors())
        .containsExactly(new Tensor("bias", List.of(2L)), new Tensor("weight", List.of(1L, 2L)));
    assertThat(content.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(content.data().toArray()).containsExactly(1, 2, 3, 4);
    assertThat(join(content.headerBytes(), content.data().segment())).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void read_whatWasWritten_givesItBack(long seed) {
    Random random = new Random(seed);
    List<Tensor> tensors = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      List<Long> shape =
          LongStream.generate(() -> random.nextInt(4)).limit(random.nextInt(4)).boxed().toList();
      tensors.add(new Tensor(i + " \"\\\u0001\u00e9\ud83d\ude00/", shape));
    }
    long elements = tensors.stream().mapToLong(Tensor::elementCount).sum();
    FloatVector data = FloatVector.allocate(elements);
    for (long i = 0; i < elements; i++) {
      data.set(i, random.nextFloat());
    }
    Map<String, String> metadata = Map.of("a\n", "\t\"", "b", "");
    Safetensors written = new Safetensors(tensors, metadata, data);
    Safetensors read = readWell(join(written.headerBytes(), data.segment()));
    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.data().toArray()).isEqualTo(data.toArray());
    assertThat(read.headerBytes()).isEqualTo(written.headerBytes());
    // Tensors without elements share an offset, so their order may differ.
    assertThat(read.tensors()).containsExactlyInAnyOrderElementsOf(tensors);
  }

  @Test
  void read_entriesInAnyOrder_areOrderedByOffset() {
    List<String> entries =
        new ArrayList<>(
            List.of(
                "\"a\":{\"shape\":[1],\"dtype\":\"F32\",\"data_offsets\":[0,4]}",
                "\"b\" : { \"data_offsets\" : [ 4 , 12 ] , \"dtype\":\"F32\",\"shape\":[2]}",
                "\"c\":{\"dtype\":\"F32\",\"data_offsets\":[12,16],\"shape\":[]}"));
    for (int i = 0; i < 6; i++) {
      Collections.shuffle(entries, new Random(i));
      Safetensors content = readWell(file("{" + String.join(",\n", entries) + "}", 1, 2, 3, 4));
      assertThat(content.tensors()).extracting(Tensor::name).containsExactly("a", "b", "c");
    }
  }

  @Test
  void read_escapedNames_areDecoded() {
    Safetensors content =
        readWell(file("{\"\\u0041\\n\\/\\\\\\\"\\b\\f\\r\\t\\ud83d\\uDE00\":" + ONE + "}", 1));
    assertThat(content.tensors().getFirst().name()).isEqualTo("A\n/\\\"\b\f\r\t\ud83d\ude00");
  }

  @Test
  void read_noTensorsAtAll_givesNone() {
    assertThat(readWell(file("{}")).tensors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' {\"a\":ONE}' | header does not begin with {",
        "'[]' | header does not begin with {",
        "'' | header does not begin with {",
        "'{\"a\":ONE' | header ends too early",
        "'{\"a\":ONE}x' | text after the header's object",
        "'{\"a\":ONE}{}' | text after the header's object",
        "'{\"a\":ONE,}' | expected \"",
        "'{,}' | expected \"",
        "'{\"a\" ONE}' | expected :",
        "'{a:ONE}' | expected \"",
        "'{\"a\":ONE,\"a\":ONE}' | repeated key",
        "'{\"a\":ONE,\"\\u0061\":ONE}' | repeated key",
        "'{\"\":ONE}' | a tensor has no name",
        "'{\"a\":null}' | expected {",
        "'{\"a\":[]}' | expected {",
        "'{\"a\\x\":ONE}' | unknown escape",
        "'{\"a\\u00g0\":ONE}' | escape without four hexadecimal digits",
        "'{\"\\ud83d\":ONE}' | half a surrogate pair",
        "'{\"__metadata__\":{\"a\":1},\"a\":ONE}' | expected \"",
        "'{\"__metadata__\":{\"a\":\"\",\"a\":\"\"},\"a\":ONE}' | repeated key",
        "'{\"__metadata__\":{},\"__metadata__\":{},\"a\":ONE}' | repeated key",
        "'{\"a\":ONE,\"b\":ONE}' | values overlap or leave a gap",
      })
  void read_badHeader_namesTheRule(String header, String rule) {
    assertMalformed(file(header.replace("ONE", ONE), 1), rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"F16\" | [1] | [0,4] | dtype is not F32",
        "\"f32\" | [1] | [0,4] | dtype is not F32",
        "1 | [1] | [0,4] | expected \"",
        "\"F32\" | [2] | [0,4] | offsets do not match the shape",
        "\"F32\" | [0] | [0,4] | offsets do not match the shape",
        "\"F32\" | [1] | [0,8] | offsets do not match the shape",
        "\"F32\" | [1] | [0,0] | offsets do not match the shape",
        "\"F32\" | [1] | [4,8] | values overlap or leave a gap",
        "\"F32\" | [1] | [4,0] | data_offsets are not begin and end",
        "\"F32\" | [1] | [0] | data_offsets are not begin and end",
        "\"F32\" | [1] | [] | data_offsets are not begin and end",
        "\"F32\" | [1] | [0,2,4] | more than 2 numbers",
        "\"F32\" | [-1] | [0,4] | no non-negative integer",
        "\"F32\" | [1.0] | [0,4] | expected ,",
        "\"F32\" | [1e0] | [0,4] | expected ,",
        "\"F32\" | [01] | [0,4] | number with a leading zero",
        "\"F32\" | [00] | [0,4] | number with a leading zero",
        "\"F32\" | [1,] | [0,4] | no non-negative integer",
        "\"F32\" | [\"1\"] | [0,4] | no non-negative integer",
        "\"F32\" | [9223372036854775808] | [0,4] | number is too large",
        "\"F32\" | [1] | [0,18446744073709551620] | number is too large",
        "\"F32\" | [4294967296,4294967296] | [0,4] | shape is too large",
        "\"F32\" | [4611686018427387904] | [0,4] | shape is too large",
        "\"F32\" | [1,1,1,1,1,1,1,1,1] | [0,4] | more than 8 numbers",
      })
  void read_badTensor_namesTheRule(String dtype, String shape, String offsets, String rule) {
    String header =
        "{\"a\":{\"dtype\":"
            + dtype
            + ",\"shape\":"
            + shape
            + ",\"data_offsets\":"
            + offsets
            + "}}";
    assertMalformed(file(header, 1), rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"shape\":[1],\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[1]}",
        "{}"
      })
  void read_tensorKeyMissing_isMalformed(String tensor) {
    assertMalformed(
        file("{\"a\":" + tensor + "}", 1), "a tensor needs dtype, shape and data_offsets");
  }

  @Test
  void read_tensorKeyUnknownOrRepeated_isMalformed() {
    assertMalformed(
        file("{\"a\":" + ONE.replace("}", ",\"x\":\"\"}") + "}", 1), "unknown key of a tensor");
    assertMalformed(
        file("{\"a\":" + ONE.replace("}", ",\"dtype\":\"F32\"}") + "}", 1), "repeated key");
  }

  @Test
  void read_gapOrOverlapOrTrailingBytes_isMalformed() {
    String two =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}";
    readWell(file(two.formatted(4, 8), 1, 2));
    assertMalformed(file(two.formatted(8, 12), 1, 2, 3), "values overlap or leave a gap");
    assertMalformed(file(two.formatted(0, 4), 1), "values overlap or leave a gap");
    assertMalformed(file(two.formatted(2, 6), 1, 2), "values overlap or leave a gap");
    assertMalformed(file(two.formatted(4, 8), 1, 2, 3), "values do not end where the file ends");
    assertMalformed(file(two.formatted(4, 8), 1), "values do not end where the file ends");
  }

  @Test
  void read_headerLengthImpossible_isMalformed() {
    assertMalformed(new byte[7], "file has no header length");
    byte[] file = file("{\"a\":" + ONE + "}", 1);
    ByteBuffer length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(0, file.length - 7L);
    assertMalformed(file, "header is longer than the file");
    length.putLong(0, Safetensors.MAX_HEADER_BYTES + 1L);
    assertMalformed(file, "header is longer than 16777216 bytes");
    length.putLong(0, -1);
    assertMalformed(file, "header is longer than 16777216 bytes");
  }

  @Test
  void read_headerNotUtf8OrWithControlCharacter_isMalformed() {
    byte[] file = file("{\"a\":" + ONE + "}", 1);
    file[10] = (byte) 0xff;
    assertMalformed(file, "header is not UTF-8");
    file[10] = 7;
    assertMalformed(file, "control character in a text");
  }

  @Test
  void read_tooManyTensors_isMalformed() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= Safetensors.MAX_TENSORS; i++) {
      header.append(i == 0 ? "" : ",").append('"').append(i).append('"');
      header.append(":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertMalformed(file(header.append('}').toString()), "more than 10000 tensors");
  }

  /** Whatever bytes come, reading ends in a value. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void read_anyByteChanged_neverThrows(long seed) {
    byte[] good = file("{\"a\":" + ONE + ",\"__metadata__\":{\"k\":\"v\"}}", 1);
    Random random = new Random(seed);
    for (int i = 0; i < good.length; i++) {
      byte[] altered = good.clone();
      altered[i] = (byte) random.nextInt(256);
      assertThat(Safetensors.read(MemorySegment.ofArray(altered))).isNotNull();
    }
    for (int length = 0; length < good.length; length++) {
      MemorySegment cut = MemorySegment.ofArray(good).asSlice(0, length);
      assertThat(Safetensors.read(cut)).isInstanceOf(Reading.Malformed.class);
    }
  }

  @Test
  void new_contentThatNoFileCanHold_isRefused() {
    Tensor a = new Tensor("a", List.of(1L));
    assertRefused(() -> new Safetensors(List.of(a, a), Map.of(), FloatVector.of(1, 2)));
    assertRefused(() -> new Safetensors(List.of(a), Map.of(), FloatVector.of(1, 2)));
    assertRefused(() -> new Safetensors(List.of(a), Map.of("\ud800", ""), FloatVector.of(1)));
    assertRefused(() -> new Tensor("", List.of()));
    assertRefused(() -> new Tensor("__metadata__", List.of()));
    assertRefused(() -> new Tensor("\ud800", List.of()));
    assertRefused(() -> new Tensor("a", List.of(-1L)));
    assertRefused(() -> new Tensor("a", Collections.nCopies(9, 1L)));
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertMalformed(byte[] file, String rule) {
    assertThat(Safetensors.read(MemorySegment.ofArray(file)))
        .isEqualTo(new Reading.Malformed(rule));
  }

  private static Safetensors readWell(byte[] file) {
    return switch (Safetensors.read(MemorySegment.ofArray(file))) {
      case Reading.Read(Safetensors content) -> content;
      case Reading.Malformed(String rule) -> throw new AssertionError(rule);
    };
  }

  private static byte[] file(String header, float... values) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(json.length);
    byte[] prefix = join(length.array(), MemorySegment.ofArray(json));
    return join(prefix, FloatVector.of(values).segment());
  }

  private static byte[] join(byte[] head, MemorySegment tail) {
    byte[] tailBytes = tail.toArray(ValueLayout.JAVA_BYTE);
    return ByteBuffer.allocate(head.length + tailBytes.length).put(head).put(tailBytes).array();
  }
}
