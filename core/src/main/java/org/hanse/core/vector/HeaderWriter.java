package org.hanse.core.vector;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.hanse.core.vector.Safetensors.Tensor;

/** The JSON of a safetensors header: the same text for the same content. */
final class HeaderWriter {
  private HeaderWriter() {}

  static String json(Safetensors content) {
    StringJoiner entries = new StringJoiner(",", "{", "}");
    if (!content.metadata().isEmpty()) {
      StringJoiner texts = new StringJoiner(",", "{", "}");
      for (Map.Entry<String, String> text : new TreeMap<>(content.metadata()).entrySet()) {
        texts.add(quoted(text.getKey()) + ":" + quoted(text.getValue()));
      }
      entries.add(quoted(Safetensors.METADATA_KEY) + ":" + texts);
    }
    long begin = 0;
    for (Tensor tensor : content.tensors()) {
      long end = begin + tensor.elementCount() * Float.BYTES;
      StringJoiner shape = new StringJoiner(",", "[", "]");
      tensor.shape().forEach(extent -> shape.add(Long.toString(extent)));
      entries.add(
          quoted(tensor.name())
              + ":{\"dtype\":\"F32\",\"shape\":"
              + shape
              + ",\"data_offsets\":["
              + begin
              + ","
              + end
              + "]}");
      begin = end;
    }
    return entries.toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
