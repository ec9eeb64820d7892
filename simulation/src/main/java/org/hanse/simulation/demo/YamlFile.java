package org.hanse.simulation.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Configuration and job files as maps in their order. */
final class YamlFile {
  private YamlFile() {}

  /** Reads a file of this program's own. */
  static Map<String, Object> read(Path file) throws IOException {
    Object content =
        new Load(LoadSettings.builder().setLabel(file.toString()).build())
            .loadFromString(Files.readString(file, UTF_8));
    Map<String, Object> map = new LinkedHashMap<>();
    if (content instanceof Map<?, ?> entries) {
      entries.forEach((key, value) -> map.put(String.valueOf(key), value));
    }
    return map;
  }

  /** Replaces the file at once: a reader sees the old content or the new. */
  static void write(Path file, Map<String, ?> content) throws IOException {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(100).build();
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, new Dump(settings).dumpToString(content), UTF_8);
    Files.move(next, file, ATOMIC_MOVE);
  }
}
