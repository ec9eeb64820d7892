package org.hanse.simulation.seeded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Nobody reads the logs of a thousand coordinators. */
final class QuietLogs implements AutoCloseable {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  /**
   * Until it is closed only this and what is worse is written.
   *
   * @param least level, by its name
   */
  QuietLogs(String least) {
    Level limit = Level.toLevel(least);
    context.addTurboFilter(
        new TurboFilter() {
          @Override
          public FilterReply decide(
              @Nullable Marker marker,
              Logger logger,
              Level level,
              @Nullable String format,
              Object @Nullable [] parameters,
              @Nullable Throwable cause) {
            return level.isGreaterOrEqual(limit) ? FilterReply.NEUTRAL : FilterReply.DENY;
          }
        });
  }

  @Override
  public void close() {
    context.resetTurboFilterList();
  }
}
