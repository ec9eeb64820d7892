package org.hanse.client.config.job;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.core.encode.HadamardRotation;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;

/** Reads the sections {@code privacy} and {@code deadlines} of a job file. */
final class AggregationReader {
  private static final double DEFAULT_CLIP_NORM = 10;
  private static final double DEFAULT_MAX_COORDINATE = 1;
  private static final int DEFAULT_MAX_WEIGHT = 1024;

  /** Loss of a model that is surer of the wrong class than a float32 can say is about 100. */
  private static final List<MetricSpec> METRICS =
      List.of(
          new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
          new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1));

  private final ConfigSection root;
  private final SitesReader sites;
  private final ConfigProblems problems;

  AggregationReader(ConfigSection root, SitesReader sites, ConfigProblems problems) {
    this.root = root;
    this.sites = sites;
    this.problems = problems;
  }

  /**
   * The section as a plan.
   *
   * @param parameters of the model, from which the usual largest coordinate follows
   */
  Optional<AggregationPlan> read(Optional<Consortium> consortium, Optional<Long> parameters) {
    ConfigSection privacy = root.section("privacy");
    boolean masked = isMasked(privacy);
    ConfigSection settings =
        privacy.isSection("secure-aggregation")
            ? privacy.section("secure-aggregation")
            : ConfigSection.parse("", problems);
    // A consortium with mistakes is refused anyway, so it may count as one that fits everything.
    int members = consortium.map(c -> c.members().size()).orElse(1);
    Optional<Ring> ring = ring(settings, members);
    // Also where the ring is none, so that every other setting is read and judged.
    Optional<EncodingRules> encoding =
        encoding(settings, ring.orElse(Ring.Z32), members, parameters);
    Optional<Long> colluding =
        settings.has("colluding-sites")
            ? settings.integer("colluding-sites", 0, Limits.MAX_MEMBERS)
            : consortium.map(c -> (long) CohortRules.defaultColludingSites(c.members().size()));
    Optional<Long> auditChunks =
        settings.has("audit-chunks")
            ? settings.integer("audit-chunks", 0, Limits.MAX_AUDIT_CHUNKS)
            : Optional.empty();
    Optional<Boolean> postQuantum = postQuantum(settings, members);
    settings.refuseUnknownKeys();
    privacy.refuseUnknownKeys();
    Optional<StepDeadlines> deadlines = deadlines(root.optionalSection("deadlines"));
    Optional<CohortRules> cohort = cohort(consortium, colluding);
    if (cohort.isEmpty()
        || postQuantum.isEmpty()
        || ring.isEmpty()
        || encoding.isEmpty()
        || deadlines.isEmpty()) {
      return Optional.empty();
    }
    Suite suite = masked ? Suite.masked(postQuantum.get(), ring.get()) : Suite.PLAIN;
    return problems.attempt(
        "privacy.secure-aggregation",
        () ->
            new AggregationPlan(
                suite,
                cohort.get(),
                encoding.get(),
                METRICS,
                AggregationPlan.RetryLimits.DEFAULT,
                auditChunks
                    .map(Long::intValue)
                    .orElse(AggregationPlan.defaultAuditChunks(suite, cohort.get())),
                deadlines.get()));
  }

  /** On unless the file says "off" in so many words. */
  private static boolean isMasked(ConfigSection privacy) {
    if (privacy.isSection("secure-aggregation")) {
      return true;
    }
    if (!privacy.has("secure-aggregation")) {
      privacy.problem("secure-aggregation", "is missing: give its settings, or {} for the usual");
    } else if (!privacy.optionalText("secure-aggregation").equals(Optional.of("off"))) {
      privacy.problem("secure-aggregation", "must be its settings, or off");
    } else {
      return false;
    }
    return true;
  }

  private static Optional<Ring> ring(ConfigSection settings, int members) {
    if (!settings.has("ring-bits")) {
      return Optional.of(Ring.Z32);
    }
    Optional<Long> bits = settings.integer("ring-bits", 1, Long.SIZE);
    if (bits.isEmpty()) {
      return Optional.empty();
    }
    Optional<Ring> ring = Ring.ofBits(bits.get());
    if (ring.isEmpty()) {
      settings.problem("ring-bits", "must be 32 or 16, not " + bits.get());
      return Optional.empty();
    }
    Suite suite = Suite.masked(/* hybrid= */ false, ring.get());
    return hasRoom(settings, "ring-bits", bits.get(), suite, members) ? ring : Optional.empty();
  }

  private static Optional<Boolean> postQuantum(ConfigSection settings, int members) {
    boolean postQuantum = settings.flag("post-quantum", false);
    Suite suite = Suite.masked(postQuantum, Ring.Z32);
    return hasRoom(settings, "post-quantum", postQuantum, suite, members)
        ? Optional.of(postQuantum)
        : Optional.empty();
  }

  /** Whether the suite that a setting alone asks for takes so many members. */
  private static boolean hasRoom(
      ConfigSection settings, String key, Object value, Suite suite, int members) {
    if (members <= suite.maxMembers()) {
      return true;
    }
    settings.problem(
        key, value + " takes at most " + suite.maxMembers() + " members, not " + members);
    return false;
  }

  private Optional<EncodingRules> encoding(
      ConfigSection settings, Ring ring, int members, Optional<Long> parameters) {
    double clipNorm = settings.optionalNumber("clip-norm").orElse(DEFAULT_CLIP_NORM);
    double maxCoordinate =
        settings
            .optionalNumber("max-coordinate")
            .orElseGet(() -> usualMaxCoordinate(ring, clipNorm, parameters));
    int mostWeight = EncodingRules.maxWeight(ring, members);
    long maxWeight =
        settings.integer(
            "max-weight", 1, EncodingRules.MAX_WEIGHT, Math.min(DEFAULT_MAX_WEIGHT, mostWeight));
    long unit = settings.integer("examples-per-weight-unit", 1, 1L << 40, 1);
    if (maxWeight > mostWeight) {
      settings.problem(
          "max-weight",
          "must be at most %d with %d members and a ring of %d bits, not %d"
              .formatted(mostWeight, members, ring.bits(), maxWeight));
      return Optional.empty();
    }
    return problems.attempt(
        "privacy.secure-aggregation",
        () -> new EncodingRules(clipNorm, maxCoordinate, (int) maxWeight, unit));
  }

  /** Where updates are rotated, what hardly any rotated coordinate exceeds, to three digits. */
  private static double usualMaxCoordinate(Ring ring, double clipNorm, Optional<Long> parameters) {
    return switch (ring) {
      case Z32 -> Math.min(clipNorm, DEFAULT_MAX_COORDINATE);
      case Z16 -> {
        double likely = HadamardRotation.likelyMaxAbs(parameters.orElse(1L), clipNorm);
        double rounded =
            new BigDecimal(likely).round(new MathContext(3, RoundingMode.UP)).doubleValue();
        yield Math.min(clipNorm, Math.max(rounded, Limits.MIN_SCALE));
      }
    };
  }

  private Optional<CohortRules> cohort(Optional<Consortium> consortium, Optional<Long> colluding) {
    if (consortium.isEmpty()
        || colluding.isEmpty()
        || sites.minimum().isEmpty()
        || sites.quorum().isEmpty()) {
      return Optional.empty();
    }
    return problems.attempt(
        "sites",
        () ->
            new CohortRules(
                consortium.get().members().size(),
                colluding.get().intValue(),
                sites.quorum().get(),
                sites.minimum().get().intValue()));
  }

  private Optional<StepDeadlines> deadlines(ConfigSection section) {
    StepDeadlines usual = StepDeadlines.DEFAULT;
    long recruit = Durations.seconds(section, "recruit", usual.recruitSeconds());
    long train = Durations.seconds(section, "train", usual.trainSeconds());
    long advertise = Durations.seconds(section, "advertise", usual.advertiseSeconds());
    long share = Durations.seconds(section, "share", usual.shareSeconds());
    long upload = Durations.seconds(section, "upload", usual.uploadSeconds());
    long confirm = Durations.seconds(section, "confirm", usual.confirmSeconds());
    long release = Durations.seconds(section, "release", usual.releaseSeconds());
    long verdict = Durations.seconds(section, "verdict", usual.verdictSeconds());
    section.refuseUnknownKeys();
    return problems.attempt(
        "deadlines",
        () ->
            new StepDeadlines(recruit, train, advertise, share, upload, confirm, release, verdict));
  }
}
