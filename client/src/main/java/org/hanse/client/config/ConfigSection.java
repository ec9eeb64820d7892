package org.hanse.client.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One mapping of a YAML file. Each reader notes what is wrong in the file's {@link ConfigProblems}
 * and goes on; after all known keys were asked for, {@link #refuseUnknownKeys()} names the others.
 */
public final class ConfigSection {
  private static final int MAX_FILE_CODE_POINTS = 4 << 20;

  private final String path;
  private final Map<String, Object> values;
  private final ConfigProblems problems;
  private final Set<String> known = new LinkedHashSet<>();

  private ConfigSection(String path, Map<String, Object> values, ConfigProblems problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  /** The file's top-level mapping; empty, with a problem noted, if there is none. */
  public static ConfigSection parse(String yaml, ConfigProblems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(MAX_FILE_CODE_POINTS)
            .build();
    Object root;
    try {
      root = new Load(settings).loadFromString(yaml);
    } catch (YamlEngineException e) {
      problems.add("", "not readable as YAML: " + e.getMessage());
      return new ConfigSection("", Map.of(), problems);
    }
    if (root == null) {
      return new ConfigSection("", Map.of(), problems);
    }
    return new ConfigSection("", mapping("", root, problems), problems);
  }

  /** Where this section stands in the file; empty for the file's top level. */
  public String path() {
    return path;
  }

  /** Where {@code key} of this section stands in the file, as people write it. */
  public String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** True if the key is there with a value; asking makes the key known. */
  public boolean has(String key) {
    return raw(key) != null;
  }

  /** Keys in the order of the file. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** Notes a problem with {@code key}. */
  public void problem(String key, String rule) {
    problems.add(pathOf(key), rule);
  }

  /** A required text, or a problem. Numbers and booleans are no text: they must be quoted. */
  public Optional<String> text(String key) {
    return required(key, "is missing", "must be text", ConfigSection::asText);
  }

  public Optional<String> optionalText(String key) {
    return optional(key, "must be text", ConfigSection::asText);
  }

  /**
   * A required text that {@code parse} understands; an {@link IllegalArgumentException} of it is
   * noted as the problem.
   */
  public <T> Optional<T> parsed(String key, Function<String, T> parse) {
    return text(key).flatMap(text -> parse(pathOf(key), text, parse));
  }

  /** A required whole number from {@code min} to {@code max}. */
  public Optional<Long> integer(String key, long min, long max) {
    return required(key, "is missing", wholeNumber(min, max), value -> asLong(value, min, max));
  }

  /** {@code fallback} if the key is absent. */
  public long integer(String key, long min, long max, long fallback) {
    return optional(key, wholeNumber(min, max), value -> asLong(value, min, max)).orElse(fallback);
  }

  /** A required finite number. */
  public Optional<Double> number(String key) {
    return required(key, "is missing", "must be a finite number", ConfigSection::asDouble);
  }

  public Optional<Double> optionalNumber(String key) {
    return optional(key, "must be a finite number", ConfigSection::asDouble);
  }

  public boolean flag(String key, boolean fallback) {
    return optional(
            key,
            "must be true or false",
            value -> value instanceof Boolean flag ? Optional.of(flag) : Optional.empty())
        .orElse(fallback);
  }

  /** A required mapping; an empty one, with a problem noted, if it is missing or something else. */
  public ConfigSection section(String key) {
    Object value = raw(key);
    if (value == null) {
      problem(key, "is missing");
      return new ConfigSection(pathOf(key), new HashMap<>(), problems);
    }
    return new ConfigSection(pathOf(key), mapping(pathOf(key), value, problems), problems);
  }

  /** Like {@link #section}, empty without a problem if the key is absent. */
  public ConfigSection optionalSection(String key) {
    return has(key) ? section(key) : new ConfigSection(pathOf(key), new HashMap<>(), problems);
  }

  /** True if the key holds a mapping. */
  public boolean isSection(String key) {
    return raw(key) instanceof Map;
  }

  /** True if the key holds a list. */
  public boolean isList(String key) {
    return raw(key) instanceof List;
  }

  /** The list's mappings; a problem for each element that is none. Empty if the key is absent. */
  public List<ConfigSection> sections(String key) {
    List<ConfigSection> sections = new ArrayList<>();
    List<?> elements = list(key);
    for (int i = 0; i < elements.size(); i++) {
      String elementPath = pathOf(key) + "[" + i + "]";
      sections.add(
          new ConfigSection(
              elementPath, mapping(elementPath, elements.get(i), problems), problems));
    }
    return sections;
  }

  /** A required name with settings of its own, {@code name: {...}}, or a problem. */
  public Optional<Variant> variant(String key) {
    if (!has(key)) {
      problem(key, "is missing");
      return Optional.empty();
    }
    return variant(pathOf(key), raw(key));
  }

  /**
   * The list's names with settings of their own, {@code name} or {@code name: {...}}; a problem for
   * each that is none. Empty if the key is absent.
   */
  public List<Variant> variants(String key) {
    List<Variant> variants = new ArrayList<>();
    List<?> elements = list(key);
    for (int i = 0; i < elements.size(); i++) {
      variant(pathOf(key) + "[" + i + "]", elements.get(i)).ifPresent(variants::add);
    }
    return variants;
  }

  /** A name with settings of its own. */
  public record Variant(String name, ConfigSection settings) {}

  private Optional<Variant> variant(String at, @Nullable Object value) {
    if (value instanceof String name) {
      return Optional.of(new Variant(name, new ConfigSection(at, Map.of(), problems)));
    }
    if (value instanceof Map<?, ?> map && map.size() == 1) {
      Map.Entry<?, ?> entry = map.entrySet().iterator().next();
      String name = String.valueOf(entry.getKey());
      String inside = at + "." + name;
      Object settings = entry.getValue();
      Map<String, Object> values =
          settings == null ? Map.of() : mapping(inside, settings, problems);
      return Optional.of(new Variant(name, new ConfigSection(inside, values, problems)));
    }
    problems.add(at, "must be one name with its settings, such as name: {key: value}");
    return Optional.empty();
  }

  /** The list's texts, each parsed; a problem for each that is none. Empty if the key is absent. */
  public <T> List<T> texts(String key, Function<String, T> parse) {
    return elements(key, "must be text; put numbers in quotes", ConfigSection::asText, parse);
  }

  /** The list's whole numbers. Empty if the key is absent. */
  public List<Long> integers(String key, long min, long max) {
    return elements(
        key, wholeNumber(min, max), value -> asLong(value, min, max), Function.identity());
  }

  /** The list's finite numbers. Empty if the key is absent. */
  public List<Double> numbers(String key) {
    return elements(key, "must be a finite number", ConfigSection::asDouble, Function.identity());
  }

  /** Notes a problem for every key that was never asked for, with the nearest one that was. */
  public void refuseUnknownKeys() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        String nearest =
            Spelling.hint(key, known.stream().filter(name -> !values.containsKey(name)).toList());
        problem(key, "is not a setting" + nearest);
      }
    }
  }

  private @Nullable Object raw(String key) {
    known.add(key);
    return values.get(key);
  }

  private <T> Optional<T> required(
      String key, String missing, String rule, Function<Object, Optional<T>> convert) {
    if (!has(key)) {
      problem(key, missing);
      return Optional.empty();
    }
    return optional(key, rule, convert);
  }

  private <T> Optional<T> optional(String key, String rule, Function<Object, Optional<T>> convert) {
    Object value = raw(key);
    if (value == null) {
      return Optional.empty();
    }
    Optional<T> converted = convert.apply(value);
    if (converted.isEmpty()) {
      problem(key, rule);
    }
    return converted;
  }

  private List<?> list(String key) {
    Object value = raw(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    problem(key, "must be a list");
    return List.of();
  }

  private <V, T> List<T> elements(
      String key, String rule, Function<Object, Optional<V>> convert, Function<V, T> parse) {
    List<T> converted = new ArrayList<>();
    List<?> elements = list(key);
    for (int i = 0; i < elements.size(); i++) {
      String elementPath = pathOf(key) + "[" + i + "]";
      Object element = elements.get(i);
      Optional<V> value = element == null ? Optional.empty() : convert.apply(element);
      if (value.isEmpty()) {
        problems.add(elementPath, rule);
      } else {
        parse(elementPath, value.get(), parse).ifPresent(converted::add);
      }
    }
    return converted;
  }

  private <V, T> Optional<T> parse(String valuePath, V value, Function<V, T> parse) {
    try {
      return Optional.of(parse.apply(value));
    } catch (IllegalArgumentException e) {
      problems.add(valuePath, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Map<String, Object> mapping(String path, Object value, ConfigProblems problems) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(path, "must be a mapping of settings");
      return Map.of();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, entry) -> values.put(String.valueOf(key), entry));
    return values;
  }

  private static Optional<String> asText(Object value) {
    return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }

  private static Optional<Long> asLong(Object value, long min, long max) {
    return (value instanceof Integer || value instanceof Long)
            && ((Number) value).longValue() >= min
            && ((Number) value).longValue() <= max
        ? Optional.of(((Number) value).longValue())
        : Optional.empty();
  }

  private static Optional<Double> asDouble(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private static String wholeNumber(long min, long max) {
    return "must be a whole number from " + min + " to " + max;
  }
}
