package org.hanse.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON document strictly: valid UTF-8 without a byte order mark, nothing after the
 * document, no repeated key, bounded depth and sizes. Types are data only; no name in the text ever
 * reaches a class.
 */
final class JsonReader {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_LENGTH = 40;
  private static final int MAX_KEY_LENGTH = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(Limits.MAX_MANIFEST_BYTES)
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_KEY_LENGTH)
                  .maxStringLength(Limits.MAX_MANIFEST_BYTES)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private final JsonParser parser;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The document's value.
   *
   * @throws MalformedMessageException naming where in the document it is not what it must be
   */
  static Json read(Bytes document) {
    if (document.size() > Limits.MAX_MANIFEST_BYTES) {
      throw FieldPath.ROOT.refuse(
          "must have at most " + Limits.MAX_MANIFEST_BYTES + " bytes, not " + document.size());
    }
    try (JsonParser parser = FACTORY.createParser(textOf(document))) {
      JsonReader reader = new JsonReader(parser);
      parser.nextToken();
      Json value = reader.value(FieldPath.ROOT);
      if (reader.next(FieldPath.ROOT) != null) {
        throw FieldPath.ROOT.refuse("must end after the document");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw notJson(FieldPath.ROOT, e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** How a key of the document may be shown. */
  static String shown(String key) {
    return PLAIN_KEY.matcher(key).matches() ? key : "?";
  }

  private static String textOf(Bytes document) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(document.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw FieldPath.ROOT.refuse("must be valid UTF-8");
    }
  }

  private Json value(FieldPath path) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw path.refuse("must be a JSON value");
    }
    return switch (token) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_STRING -> new Json.Text(unicode(path, text(path)));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(text(path));
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> new Json.Other();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw path.refuse("must be a JSON value");
    };
  }

  private Json.Obj object(FieldPath path) throws IOException {
    Map<String, Json> fields = new LinkedHashMap<>();
    while (next(path) == JsonToken.FIELD_NAME) {
      String key = unicode(path, parser.currentName());
      FieldPath field = path.dot(shown(key));
      next(field);
      if (fields.putIfAbsent(key, value(field)) != null) {
        throw field.refuse("must not appear twice");
      }
    }
    return new Json.Obj(fields);
  }

  private Json.Arr array(FieldPath path) throws IOException {
    List<Json> elements = new ArrayList<>();
    while (next(path.at(elements.size())) != JsonToken.END_ARRAY) {
      elements.add(value(path.at(elements.size())));
    }
    return new Json.Arr(elements);
  }

  private @Nullable JsonToken next(FieldPath path) throws IOException {
    try {
      return parser.nextToken();
    } catch (JsonProcessingException e) {
      throw notJson(path, e);
    }
  }

  /** Strings and long numbers are read lazily, so this fails like {@link #next}. */
  private String text(FieldPath path) throws IOException {
    try {
      return parser.getText();
    } catch (JsonProcessingException e) {
      throw notJson(path, e);
    }
  }

  /** Escapes can spell half a surrogate pair, which is no text. */
  private static String unicode(FieldPath path, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw path.refuse("must be valid Unicode");
    }
    return text;
  }

  /** Jackson's own message quotes the document, so only the place is kept. */
  private static MalformedMessageException notJson(FieldPath path, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return path.refuse(
        location == null
            ? "must be valid JSON within its limits"
            : "must be valid JSON within its limits; line "
                + location.getLineNr()
                + ", column "
                + location.getColumnNr());
  }
}
