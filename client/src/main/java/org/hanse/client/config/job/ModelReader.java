package org.hanse.client.config.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.client.config.ConfigSection.Variant;
import org.hanse.client.config.Spelling;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.ModelDescription;

/** Reads the section {@code model} of a job file. */
final class ModelReader {
  private static final List<String> LAYERS =
      List.of("conv2d", "max-pool2d", "flatten", "dense", "dropout", "softmax");
  private static final List<String> ACTIVATIONS =
      Stream.of(Activation.values()).map(ModelReader::nameOf).toList();

  private final ConfigProblems problems;

  private ModelReader(ConfigProblems problems) {
    this.problems = problems;
  }

  static Optional<ModelDescription> read(ConfigSection model, ConfigProblems problems) {
    List<Integer> inputs =
        model.integers("inputs", 1, 1_000_000).stream().map(Long::intValue).toList();
    List<Variant> variants = model.variants("layers");
    for (String key : List.of("inputs", "layers")) {
      if (!model.has(key)) {
        model.problem(key, "is missing");
      }
    }
    ModelReader reader = new ModelReader(problems);
    List<LayerSpec> layers = new ArrayList<>();
    for (Variant variant : variants) {
      reader.layer(variant).ifPresent(layers::add);
      variant.settings().refuseUnknownKeys();
    }
    model.refuseUnknownKeys();
    if (inputs.isEmpty() || layers.isEmpty() || layers.size() < variants.size()) {
      return Optional.empty();
    }
    return problems.attempt("model", () -> new ModelDescription(inputs, layers));
  }

  private Optional<LayerSpec> layer(Variant variant) {
    ConfigSection settings = variant.settings();
    return switch (variant.name()) {
      case "conv2d" -> conv2d(settings);
      case "max-pool2d" -> {
        Optional<Integer> size = integer(settings, "size");
        int stride = optionalInteger(settings, "stride", size.orElse(1));
        yield size.flatMap(value ->
            problems.attempt(settings.path(), () -> new LayerSpec.MaxPool2d(value, stride)));
      }
      case "flatten" -> Optional.of(new LayerSpec.Flatten());
      case "dense" -> {
        Optional<Integer> units = integer(settings, "units");
        Optional<Activation> activation = activation(settings);
        yield units.isEmpty() || activation.isEmpty()
            ? Optional.empty()
            : problems.attempt(
                settings.path(), () -> new LayerSpec.Dense(units.get(), activation.get()));
      }
      case "dropout" ->
          settings
              .number("rate")
              .flatMap(
                  rate -> problems.attempt(settings.path(), () -> new LayerSpec.Dropout(rate)));
      case "softmax" ->
          integer(settings, "classes")
              .flatMap(classes ->
                  problems.attempt(settings.path(), () -> new LayerSpec.SoftmaxOutput(classes)));
      default -> {
        problems.add(
            settings.path(), "no layer is called so" + Spelling.hint(variant.name(), LAYERS));
        settings.keys().forEach(settings::has); // its settings mean nothing to anybody
        yield Optional.empty();
      }
    };
  }

  private Optional<LayerSpec> conv2d(ConfigSection settings) {
    Optional<Integer> channels = integer(settings, "channels");
    Optional<Integer> kernel = integer(settings, "kernel");
    int stride = optionalInteger(settings, "stride", 1);
    String padding = settings.optionalText("padding").orElse("valid");
    if (!padding.equals("same") && !padding.equals("valid")) {
      settings.problem("padding", "must be same or valid, not \"" + padding + '"');
    }
    Optional<Activation> activation = activation(settings);
    if (channels.isEmpty() || kernel.isEmpty() || activation.isEmpty()) {
      return Optional.empty();
    }
    return problems.attempt(
        settings.path(),
        () ->
            new LayerSpec.Conv2d(
                channels.get(), kernel.get(), stride, padding.equals("same"), activation.get()));
  }

  private static Optional<Integer> integer(ConfigSection settings, String key) {
    return settings.integer(key, 1, Integer.MAX_VALUE).map(Long::intValue);
  }

  private static int optionalInteger(ConfigSection settings, String key, int fallback) {
    return (int) settings.integer(key, 1, Integer.MAX_VALUE, fallback);
  }

  private static Optional<Activation> activation(ConfigSection settings) {
    String name = settings.optionalText("activation").orElse("identity");
    for (Activation activation : Activation.values()) {
      if (nameOf(activation).equals(name)) {
        return Optional.of(activation);
      }
    }
    settings.problem("activation", "unknown: \"" + name + "\"" + Spelling.hint(name, ACTIVATIONS));
    return Optional.empty();
  }

  private static String nameOf(Activation activation) {
    return activation.name().toLowerCase(Locale.ROOT);
  }
}
