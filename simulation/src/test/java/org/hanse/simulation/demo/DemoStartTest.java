package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.hanse.simulation.process.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said before anything starts. */
class DemoStartTest {
  @TempDir private Path home;

  @Test
  void run_fewerRecordsThanTheJobWantsAtSoManySites_refusedBeforeAnythingIsTold() throws Exception {
    writeExample(100);
    List<DemoEvent> told = new ArrayList<>();
    Demo demo = demo(5, told::add);

    // A fifth is held out; four sites of 20 would do.
    assertThatThrownBy(demo::run)
        .isInstanceOfSatisfying(
            DemoFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_ARGUMENTS);
              assertThat(failure)
                  .hasMessage(
                      "80 records cannot be dealt to 5 sites: the job wants at least 20 at each.");
              assertThat(failure.details()).containsExactly("Ask for fewer sites: --sites 4");
            });
    assertThat(told).isEmpty();
  }

  private Demo demo(int sites, Report report) {
    return new Demo(
        new DemoOptions(
            new FederationOptions(Example.BREAST_CANCER, sites, Optional.empty(), 1, Suite.FLSA1),
            Disturbances.NONE,
            Optional.empty()),
        new Demo.Surroundings(
            home,
            new Launcher(home.resolve("hanse")),
            () -> {
              throw new IllegalStateException("nothing is trained here");
            }),
        report);
  }

  /** An example's files, half of the records of one class and half of the other. */
  private void writeExample(int records) throws IOException {
    Path job = home.resolve(Example.BREAST_CANCER.jobFile());
    Files.createDirectories(job.getParent());
    YamlFile.write(job, TestScenario.template().content());
    Path table = home.resolve(Example.BREAST_CANCER.records());
    Files.createDirectories(table.getParent());
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < records; i++) {
      lines.add(i + (i % 2 == 0 ? ",a" : ",b"));
    }
    Files.write(table, lines);
  }
}
