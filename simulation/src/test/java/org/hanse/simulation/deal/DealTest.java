package org.hanse.simulation.deal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.hanse.simulation.deal.Table.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DealTest {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  /** As many records of each digit as the optical digits have, about. */
  private static final Table TABLE = table(1797);

  private static final List<String> DIAGNOSES = List.of("malignant", "benign");

  /** In the proportions of the shipped records. */
  private static final Table BREAST_CANCER =
      new Table(
          "x,diagnosis",
          IntStream.range(0, 569)
              .mapToObj(i -> new Line(i < 212 ? "malignant" : "benign", Integer.toString(i)))
              .toList());

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 42, 1234567890123L})
  void of_fiveSites_sixDigitsASiteThreeSitesADigit(long seed) {
    Deal deal = Deal.of(TABLE, DIGITS, 5, Skew.MISSING_CLASSES, seed);

    for (int site = 0; site < 5; site++) {
      int index = site;
      assertThat(DIGITS.stream().filter(digit -> deal.count(index, digit) > 0)).hasSize(6);
    }
    for (String digit : DIGITS) {
      assertThat(IntStream.range(0, 5).filter(site -> deal.count(site, digit) > 0).count())
          .isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 7, 12, 20})
  void of_anyNumberOfSites_everyRecordOnceAndEnoughEverywhere(int sites) {
    for (Skew skew : Skew.values()) {
      for (long seed = 0; seed < 50; seed++) {
        Deal deal = Deal.of(TABLE, DIGITS, sites, skew, seed);

        List<Line> all = new ArrayList<>(deal.heldOut());
        all.addAll(deal.pooled());
        assertThat(all).containsExactlyInAnyOrderElementsOf(TABLE.records());
        assertThat(deal.parts()).hasSize(sites);
        for (List<Line> part : deal.parts()) {
          assertThat(part).hasSizeGreaterThanOrEqualTo(20);
        }
      }
    }
  }

  @Test
  void withAtLeast_breastCancerForAnyNumberOfSites_enoughEverywhereAndEveryRecordOnce() {
    int below = 0;
    for (int sites = 3; sites <= 20; sites++) {
      for (long seed = 0; seed < 50; seed++) {
        Deal deal = Deal.of(BREAST_CANCER, DIAGNOSES, sites, Skew.UNEVEN_CLASSES, seed);
        boolean enough = deal.parts().stream().allMatch(part -> part.size() >= 20);
        below += enough ? 0 : 1;

        Deal filled = deal.withAtLeast(20);

        assertThat(filled.equals(deal)).as("%d sites, seed %d", sites, seed).isEqualTo(enough);
        assertThat(filled.parts()).hasSize(sites).allMatch(part -> part.size() >= 20);
        assertThat(filled.heldOut()).isEqualTo(deal.heldOut());
        assertThat(filled.pooled()).containsExactlyInAnyOrderElementsOf(deal.pooled());
        assertThat(deal.withAtLeast(20)).isEqualTo(filled);
      }
    }
    assertThat(below).isGreaterThan(100);
  }

  @Test
  void withAtLeast_partWithoutAClass_getsNoRecordOfIt() {
    List<Line> zeros = TABLE.records().stream().filter(line -> line.label().equals("0")).toList();
    List<Line> ones = TABLE.records().stream().filter(line -> line.label().equals("1")).toList();
    List<Line> both = new ArrayList<>(zeros.subList(0, 50));
    both.addAll(ones);

    Deal filled = new Deal(List.of(), List.of(zeros.subList(50, 60), both)).withAtLeast(30);

    assertThat(filled.parts().getFirst()).hasSize(30).allMatch(line -> line.label().equals("0"));
  }

  @Test
  void withAtLeast_tooFewRecords_refused() {
    Deal deal = Deal.of(BREAST_CANCER, DIAGNOSES, 20, Skew.UNEVEN_CLASSES, 1);

    assertThatThrownBy(() -> deal.withAtLeast(23))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("456 records for 20 parts of at least 23");
    assertThat(deal.withAtLeast(22).parts()).allMatch(part -> part.size() >= 22);
  }

  @Test
  void of_anySeed_holdsOutAFifthOfEachClass() {
    Deal deal = Deal.of(TABLE, DIGITS, 5, Skew.MISSING_CLASSES, 3);

    assertThat(deal.heldOut()).hasSizeBetween(350, 370);
    for (String digit : DIGITS) {
      assertThat(deal.heldOut().stream().filter(line -> line.label().equals(digit)))
          .hasSizeBetween(35, 37);
    }
  }

  @Test
  void of_unevenSkew_sitesDifferInSizeAndMix() {
    Deal deal =
        Deal.of(
            table(569),
            List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
            5,
            Skew.UNEVEN_CLASSES,
            1);

    List<Integer> sizes = deal.parts().stream().map(List::size).sorted().toList();
    assertThat(sizes.getLast()).isGreaterThan(sizes.getFirst() * 3 / 2);
    List<Double> shares =
        IntStream.range(0, 5)
            .mapToObj(site -> (double) deal.count(site, "0") / deal.parts().get(site).size())
            .sorted()
            .toList();
    assertThat(shares.getLast()).isGreaterThan(shares.getFirst() * 1.5);
  }

  @Test
  void of_sameSeed_sameDealOtherSeedAnother() {
    Deal deal = Deal.of(TABLE, DIGITS, 5, Skew.MISSING_CLASSES, 1);

    assertThat(Deal.of(TABLE, DIGITS, 5, Skew.MISSING_CLASSES, 1)).isEqualTo(deal);
    assertThat(Deal.of(TABLE, DIGITS, 5, Skew.MISSING_CLASSES, 2)).isNotEqualTo(deal);
  }

  @Test
  void of_labelOfNoClass_refused() {
    assertThatThrownBy(() -> Deal.of(TABLE, DIGITS.subList(0, 9), 5, Skew.MISSING_CLASSES, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"9\"");
  }

  @Test
  void read_writtenTable_sameRecords(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("t.csv");
    Table.write(file, TABLE.header(), TABLE.records());

    assertThat(Table.read(file, "digit")).isEqualTo(TABLE);
    assertThatThrownBy(() -> Table.read(file, "colour")).isInstanceOf(IOException.class);
    Files.writeString(file, "x,digit\n1,2,3\n");
    assertThatThrownBy(() -> Table.read(file, "digit")).isInstanceOf(IOException.class);
  }

  private static Table table(int size) {
    List<Line> lines =
        IntStream.range(0, size)
            .mapToObj(i -> new Line(Integer.toString(i % 10), i + "," + i % 10))
            .toList();
    return new Table("x,digit", lines);
  }
}
