package org.hanse.coordinator.grpc;

import java.time.Duration;

/**
 * How long callers may keep the coordinator waiting.
 *
 * @param requestStall between two messages of a request
 * @param answerStall without taking anything of a streamed answer
 * @param submission for a submission, beside what the size of its model is given
 */
record CallTimes(Duration requestStall, Duration answerStall, Duration submission) {
  static final CallTimes DEFAULT =
      new CallTimes(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(5));
}
