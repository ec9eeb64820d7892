package org.hanse.wire;

import java.util.List;
import java.util.Map;

/** A JSON value whose numbers keep the spelling they were read with. */
sealed interface Json {
  /** Keys in the order written; each once. */
  record Obj(Map<String, Json> fields) implements Json {}

  record Arr(List<Json> elements) implements Json {}

  record Text(String value) implements Json {}

  /** As JSON spells it; not necessarily within the range of any Java type. */
  record Num(String spelling) implements Json {
    static Num of(long value) {
      return new Num(Long.toString(value));
    }

    /** The shortest spelling that reads back as this very value; {@code value} is finite. */
    static Num of(double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("JSON has no number " + value);
      }
      return new Num(Double.toString(value));
    }
  }

  /** True, false or null: nothing here uses them, so they are kept apart only to be refused. */
  record Other() implements Json {}
}
