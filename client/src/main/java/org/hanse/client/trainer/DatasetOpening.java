package org.hanse.client.trainer;

import java.util.List;

/** Whether a file answers a data contract. */
public sealed interface DatasetOpening {
  /** It does. */
  record Opened(DatasetHandle dataset) implements DatasetOpening {}

  /**
   * It does not.
   *
   * @param problems at least one, each once
   */
  record Refused(List<DataProblem> problems) implements DatasetOpening {
    public Refused {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("refused without a problem");
      }
    }

    /** The problems' codes, in order. */
    public List<String> codes() {
      return problems.stream().map(DataProblem::code).toList();
    }
  }
}
