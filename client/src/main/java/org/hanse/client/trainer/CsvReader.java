package org.hanse.client.trainer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Limits;

/**
 * Reads comma-separated values strictly (RFC 4180): fields may be quoted, a quote inside is
 * doubled, lines end in LF or CRLF. A byte order mark and empty lines are passed over. Not
 * thread-safe.
 */
final class CsvReader implements AutoCloseable {
  /** A field that is longer is taken for a quote that never closes. */
  static final int MAX_FIELD_LENGTH = 1 << 16;

  /** The contract's columns, its label, and as many again that nobody asked for. */
  static final int MAX_FIELDS = 2 * (Limits.MAX_COLUMNS + 1);

  private static final int END = -1;
  private static final int BROKEN_FIELD = -2;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final Reader input;
  private final List<String> fields = new ArrayList<>();
  private final StringBuilder field = new StringBuilder();
  private boolean started;

  CsvReader(Reader input) {
    this.input = new BufferedReader(input, 1 << 16);
  }

  /** What {@link #next} found. */
  enum Line {
    /** A record: see {@link #fields}. */
    RECORD,
    /** A line that is no record; the next one may be. */
    UNUSABLE,
    /** Nothing more. */
    END,
    /** A quoted field without an end, or a field or record beyond every limit. */
    BROKEN
  }

  /** Reads the next line that is not empty. */
  Line next() throws IOException {
    int c = input.read();
    if (!started && c == BYTE_ORDER_MARK) {
      c = input.read();
    }
    started = true;
    while (c == '\n' || (c == '\r' && peek() == '\n')) {
      c = input.read();
    }
    if (c == END) {
      return Line.END;
    }
    fields.clear();
    while (true) {
      field.setLength(0);
      int after = c == '"' ? quoted() : plain(c);
      if (after == BROKEN_FIELD || fields.size() == MAX_FIELDS) {
        return Line.BROKEN;
      }
      fields.add(field.toString());
      if (after == '\r' && peek() == '\n') {
        after = input.read();
      }
      if (after == '\n' || after == END) {
        return Line.RECORD;
      }
      if (after != ',') {
        return skipLine();
      }
      c = input.read();
    }
  }

  /** The last record's fields; valid until the next call of {@link #next}. */
  List<String> fields() {
    return fields;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  /** Reads an unquoted field that begins with {@code c}; returns the character after it. */
  private int plain(int c) throws IOException {
    int next = c;
    while (next != ',' && next != '\n' && next != '\r' && next != '"' && next != END) {
      if (field.length() == MAX_FIELD_LENGTH) {
        return BROKEN_FIELD;
      }
      field.append((char) next);
      next = input.read();
    }
    return next;
  }

  /** Reads a field whose opening quote was read; returns the character after its closing one. */
  private int quoted() throws IOException {
    while (true) {
      int next = input.read();
      if (next == '"') {
        next = input.read();
        if (next != '"') {
          return next;
        }
      }
      if (next == END || field.length() == MAX_FIELD_LENGTH) {
        return BROKEN_FIELD;
      }
      field.append((char) next);
    }
  }

  private Line skipLine() throws IOException {
    int c = input.read();
    while (c != '\n' && c != END) {
      c = input.read();
    }
    return Line.UNUSABLE;
  }

  private int peek() throws IOException {
    input.mark(1);
    int c = input.read();
    input.reset();
    return c;
  }
}
