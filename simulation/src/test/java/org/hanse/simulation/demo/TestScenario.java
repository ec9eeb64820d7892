package org.hanse.simulation.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.deal.Deal;
import org.hanse.simulation.deal.Skew;
import org.hanse.simulation.deal.Table;
import org.hanse.simulation.deal.Table.Line;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;

/** A made-up job with two classes for five sites. */
final class TestScenario {
  private TestScenario() {}

  static Scenario small() {
    return of(Suite.FLSA1, Disturbances.NONE);
  }

  static Scenario of(Suite suite, Disturbances disturbances) {
    Table table =
        new Table(
            "x,y",
            IntStream.range(0, 500)
                .mapToObj(i -> new Line(i % 2 == 0 ? "a" : "b", i + "," + (i % 2 == 0 ? "a" : "b")))
                .toList());
    return new Scenario(
        new DemoOptions(
            new FederationOptions(Example.BREAST_CANCER, 5, Optional.empty(), 7, suite),
            disturbances,
            Optional.empty()),
        template(),
        4,
        table,
        Deal.of(table, template().classes(), 5, Skew.UNEVEN_CLASSES, 7));
  }

  static ExampleJob template() {
    return new ExampleJob(
        Map.of(
            "name", "Test",
            "rounds", 4,
            "data",
                Map.of(
                    "contract",
                    "numbers",
                    "label",
                    "y",
                    "classes",
                    List.of("a", "b"),
                    "minimum-rows",
                    20),
            "sites", Map.of("quorum", 0.6, "min", 4, "members", List.of()),
            "local", Map.of("epochs", 1, "seed", 99),
            "privacy",
                Map.of(
                    "secure-aggregation",
                    Map.of("clip-norm", 10.0, "max-coordinate", 4.0, "colluding-sites", 3))));
  }
}
