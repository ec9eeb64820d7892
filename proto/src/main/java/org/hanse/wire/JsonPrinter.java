package org.hanse.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON for people to read: two spaces a level, a line feed at the end, and whatever holds no
 * other container on one line. The same value always gives the same text.
 */
final class JsonPrinter {
  private final StringBuilder out = new StringBuilder();

  private JsonPrinter() {}

  static String print(Json value) {
    JsonPrinter printer = new JsonPrinter();
    printer.value(value, 0);
    return printer.out.append('\n').toString();
  }

  private void value(Json value, int depth) {
    switch (value) {
      case Json.Obj object -> object(object.fields(), depth);
      case Json.Arr array -> array(array.elements(), depth);
      case Json.Text text -> quoted(text.value());
      case Json.Num number -> out.append(number.spelling());
      case Json.Other other -> throw new IllegalArgumentException("no manifest holds " + other);
    }
  }

  private void object(Map<String, Json> fields, int depth) {
    boolean oneLine = fields.values().stream().noneMatch(JsonPrinter::isContainer);
    out.append('{');
    for (Iterator<Map.Entry<String, Json>> i = fields.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<String, Json> field = i.next();
      separator(oneLine, depth + 1);
      quoted(field.getKey());
      out.append(": ");
      value(field.getValue(), depth + 1);
      out.append(i.hasNext() ? "," : "");
    }
    close(oneLine, fields.isEmpty(), depth);
    out.append('}');
  }

  private void array(List<Json> elements, int depth) {
    boolean oneLine = elements.stream().noneMatch(JsonPrinter::isContainer);
    out.append('[');
    for (Iterator<Json> i = elements.iterator(); i.hasNext(); ) {
      if (!oneLine || out.charAt(out.length() - 1) == ',') {
        separator(oneLine, depth + 1);
      }
      value(i.next(), depth + 1);
      out.append(i.hasNext() ? "," : "");
    }
    if (!oneLine) {
      close(false, elements.isEmpty(), depth);
    }
    out.append(']');
  }

  private static boolean isContainer(Json value) {
    return switch (value) {
      case Json.Obj object -> !object.fields().isEmpty();
      case Json.Arr array -> true;
      case Json.Text text -> false;
      case Json.Num number -> false;
      case Json.Other other -> false;
    };
  }

  private void separator(boolean oneLine, int depth) {
    if (oneLine) {
      out.append(' ');
    } else {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void close(boolean oneLine, boolean empty, int depth) {
    if (!empty) {
      separator(oneLine, depth);
    }
  }

  private void quoted(String text) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}
