package org.hanse.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * An object of a document with no keys but those it must or may have, read field by field. Every
 * refusal names the field's path.
 */
final class JsonObject {
  private final FieldPath path;
  private final Map<String, Json> fields;

  private JsonObject(FieldPath path, Map<String, Json> fields) {
    this.path = path;
    this.fields = fields;
  }

  /** The object at {@code path}, which must have all of {@code keys} and no other. */
  static JsonObject of(FieldPath path, Json value, String... keys) {
    return of(path, value, List.of(), keys);
  }

  /** As {@link #of(FieldPath, Json, String...)}; it may have those of {@code optional}, too. */
  private static JsonObject of(FieldPath path, Json value, List<String> optional, String... keys) {
    Map<String, Json> fields = fields(path, value);
    for (String key : fields.keySet()) {
      if (!Arrays.asList(keys).contains(key) && !optional.contains(key)) {
        throw path.dot(JsonReader.shown(key)).refuse("is not a known key");
      }
    }
    for (String key : keys) {
      if (!fields.containsKey(key)) {
        throw path.dot(key).refuse("must be set");
      }
    }
    return new JsonObject(path, fields);
  }

  /** The only key of the object at {@code path}, which must be one of {@code keys}. */
  static String onlyKey(FieldPath path, Json value, String... keys) {
    Map<String, Json> fields = fields(path, value);
    if (fields.size() != 1) {
      throw path.refuse("must have exactly one of the keys " + String.join(", ", keys));
    }
    String key = fields.keySet().iterator().next();
    if (!Arrays.asList(keys).contains(key)) {
      throw path.dot(JsonReader.shown(key)).refuse("is not one of " + String.join(", ", keys));
    }
    return key;
  }

  private static Map<String, Json> fields(FieldPath path, Json value) {
    if (value instanceof Json.Obj(Map<String, Json> fields)) {
      return fields;
    }
    throw path.refuse("must be an object");
  }

  FieldPath path() {
    return path;
  }

  FieldPath path(String key) {
    return path.dot(key);
  }

  Json value(String key) {
    Json value = fields.get(key);
    if (value == null) {
      throw new IllegalArgumentException("key " + key + " was not among those checked");
    }
    return value;
  }

  JsonObject object(String key, String... keys) {
    return of(path(key), value(key), keys);
  }

  JsonObject object(String key, List<String> optional, String... keys) {
    return of(path(key), value(key), optional, keys);
  }

  /** Whether an optional key is there. */
  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** Text that must be exactly {@code expected}. */
  void literal(String key, String expected) {
    if (!text(path(key), value(key)).equals(expected)) {
      throw path(key).refuse("must be " + expected);
    }
  }

  String text(String key) {
    return text(path(key), value(key));
  }

  static String text(FieldPath path, Json value) {
    if (value instanceof Json.Text(String text)) {
      return text;
    }
    throw path.refuse("must be a text");
  }

  long longInteger(String key) {
    return longInteger(path(key), value(key));
  }

  static long longInteger(FieldPath path, Json value) {
    if (value instanceof Json.Num(String spelling)) {
      try {
        return Long.parseLong(spelling);
      } catch (NumberFormatException e) {
        throw path.refuse("must be a whole number of 64 bits");
      }
    }
    throw path.refuse("must be a whole number");
  }

  long longInteger(String key, long min, long max) {
    return path(key).range(longInteger(key), min, max);
  }

  int integer(String key, int min, int max) {
    return (int) longInteger(key, min, max);
  }

  double number(String key) {
    if (value(key) instanceof Json.Num(String spelling)) {
      return path(key).finite(Double.parseDouble(spelling));
    }
    throw path(key).refuse("must be a number");
  }

  /** Converts every element of a list under its own path. */
  <V> List<V> list(String key, int min, int max, BiFunction<FieldPath, Json, V> convert) {
    if (value(key) instanceof Json.Arr(List<Json> elements)) {
      return path(key).list(elements, min, max, convert);
    }
    throw path(key).refuse("must be a list");
  }

  /** As {@link #list}, for texts of which none appears twice. */
  List<String> distinctTexts(String key, int min, int max, int maxLength) {
    List<String> texts = list(key, min, max, (at, value) -> at.text(text(at, value), 1, maxLength));
    path(key).distinct(texts, text -> text, "");
    return texts;
  }
}
