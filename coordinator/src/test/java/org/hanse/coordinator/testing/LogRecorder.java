package org.hanse.coordinator.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Keeps every line that anything in this process logs, however fine, until it is closed. */
public final class LogRecorder implements AutoCloseable {
  private final Logger root = logger(Logger.ROOT_LOGGER_NAME);
  private final Logger ours = logger("org.hanse");
  private final Level rootLevel = root.getLevel();
  private final Level ourLevel = ours.getLevel();
  private final Appender<ILoggingEvent> terminal = root.getAppender("stderr");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  public LogRecorder() {
    root.detachAppender(terminal);
    lines.start();
    root.addAppender(lines);
    root.setLevel(Level.TRACE);
    ours.setLevel(Level.TRACE);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** All lines so far, stack traces and all. */
  public String text() {
    return List.copyOf(lines.list).stream()
        .map(line ->
            line.getLevel()
                + " "
                + line.getLoggerName()
                + " "
                + line.getThreadName()
                + " "
                + line.getFormattedMessage()
                + (line.getThrowableProxy() == null
                    ? ""
                    : "\n" + ThrowableProxyUtil.asString(line.getThrowableProxy())))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    root.detachAppender(lines);
    root.setLevel(rootLevel);
    ours.setLevel(ourLevel);
    root.addAppender(terminal);
  }
}
