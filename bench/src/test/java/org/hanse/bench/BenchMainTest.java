package org.hanse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, on models that take no time. */
class BenchMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void secureRound_json_hasEveryFigureAndAnExactSum() throws JsonProcessingException {
    JsonNode json = secureRound("--sites", "10", "--dropouts", "3");

    assertThat(json.get("parameters").asLong()).isBetween(300_000L, 310_000L);
    assertThat(json.get("sumIsExact").asText()).isEqualTo("yes");
    for (String part :
        new String[] {
          "siteMasksTagsAndHashes",
          "siteMasks",
          "siteTags",
          "siteHashes",
          "coordinatorSumsAndUnmasks",
          "referenceAesCtrOfTheMasks",
          "referenceAddingOneVector",
          "allPartiesWithoutVectors"
        }) {
      assertThat(json.get(part).get("cpuMillis").asDouble()).as(part).isPositive();
    }
    assertThat(json.get("siteMasksToAesCtrThroughput").asDouble()).isPositive();
  }

  @Test
  void secureRound_hybridInTheNarrowRing_hasAnExactSumToo() throws JsonProcessingException {
    JsonNode json = secureRound("--sites", "5", "--post-quantum", "--ring-bits", "16");

    assertThat(json.get("suite").asText()).isEqualTo("FLSA1-X25519MLKEM768-AES256CTR-Z16");
    assertThat(json.get("sumIsExact").asText()).isEqualTo("yes");
    assertThat(run("secure-round", "--ring-bits", "24")).isEqualTo(4);
    assertThat(err.toString()).contains("--ring-bits must be 32 or 16, not 24");
  }

  @Test
  void secureRound_table_namesEveryPart() {
    assertThat(
            run(
                "secure-round",
                "--sites",
                "4",
                "--parameters",
                "500",
                "--dropouts",
                "0",
                "--warm-up",
                "0",
                "--passes",
                "1"))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).contains("site masks", "coordinator sums and unmasks", "cpus");
  }

  @Test
  void secureRound_moreDropoutsThanTolerated_fails() {
    assertThat(run("secure-round", "--sites", "10", "--parameters", "500", "--dropouts", "4"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("10 sites tolerate 3 dropouts");
  }

  @Test
  void memory_severalChunks_sumIsExactAndNoFileIsLeft(@TempDir Path directory)
      throws JsonProcessingException {
    int exit =
        run("memory", "--parameters", "600000", "--directory", directory.toString(), "-o", "json");

    assertThat(exit).as(err.toString()).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("sumIsExact").asText()).isEqualTo("yes");
    assertThat(json.get("peakHeapMib").asLong()).isPositive();
    assertThat(err.toString()).contains("Needs 7 MiB of disk");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void unknownOption_exitsWithBadArguments() {
    assertThat(run("secure-round", "--site", "3")).isEqualTo(4);
    assertThat(err.toString()).contains("--help");
  }

  /** One pass over a small model. */
  private JsonNode secureRound(String... more) throws JsonProcessingException {
    List<String> arguments = new ArrayList<>(List.of("secure-round", "--parameters", "300000"));
    arguments.addAll(List.of("--warm-up", "0", "--passes", "1", "-o", "json"));
    arguments.addAll(List.of(more));
    assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... args) {
    CommandLine line = BenchMain.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }
}
