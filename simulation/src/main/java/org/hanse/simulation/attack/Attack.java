package org.hanse.simulation.attack;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hanse.core.plan.SiteId;

/** Something that a dishonest coordinator tries on a consortium of site-1 to site-5. */
public enum Attack {
  REPLACE_KEY(
      "replace-key",
      ReplaceKey::new,
      "gives site-1 mask keys of its own in place of its peers'.",
      "it would know every mask on site-1's upload but its own, and read site-1's update.",
      new Refusal(
          1,
          "SIGNATURE_INVALID",
          "each key must be signed by the key that the approved manifest pins for the peer.")),
  PARTITION(
      "partition",
      Partition::new,
      "tells sites of different sets of peers, to add up each set alone.",
      "sums over ever smaller sets would lead to one site's update.",
      new Refusal(
          1,
          "SIGNATURE_INVALID",
          "the peers' signatures cover the set that each was told of: site-4 was told of another."),
      new Refusal(
          5,
          "COHORT_TOO_SMALL",
          "the least number of sites follows from the manifest, not from what the coordinator"
              + " says.")),
  TWO_SURVIVOR_SETS(
      "two-survivor-sets",
      TwoSurvivorSets::new,
      "tells site-3 and site-4 that site-5 dropped out, and the others that it did not.",
      "with shares of both kinds it would take all masks off site-5's upload and read its update.",
      new Refusal(
          3,
          "QUORUM_INVALID",
          "nobody releases before enough sites have signed the very same set."),
      new Refusal(1, "QUORUM_INVALID", "and so it is for those who were told of all sites.")),
  FORGE_SUM(
      "forge-sum",
      ForgeSum::new,
      "changes one coordinate of the sum and signs root and statement anew with its own key.",
      "it would steer the model that all sites train on, for example towards revealing a record.",
      new Refusal(
          1,
          "RESULT_FORGED",
          "the sum does not fit the keyed tags, whose key the sites share and the coordinator"
              + " lacks.")),
  DIFFERENT_MODELS(
      "different-models",
      DifferentModels::new,
      "lets site-1 and site-2 train on another model than the rest.",
      "a crafted model can silence all updates but one site's, so that the sum is that update.",
      new Refusal(
          1,
          "MODEL",
          "a round starts from the model the site knows by hash, in the manifest at" + " first."),
      new Refusal(2, "MODEL", "the bytes that came do not have the hash.")),
  REPLAY_ROUND(
      "replay-round",
      ReplayRound::new,
      "opens a finished round again for site-1.",
      "two sums of one round that differ by one site are that site's update.",
      new Refusal(
          1,
          "ROUND_ALREADY_RELEASED",
          "a site releases once in a round, and its journal remembers.")),
  LOWER_THRESHOLD(
      "lower-threshold",
      LowerThreshold::new,
      "names site-1 a lower threshold and asks site-2 to release for too few signatures.",
      "with fewer sites needed it could open two sums of one round, and subtract.",
      new Refusal(
          2,
          "QUORUM_INVALID",
          "how many signatures it takes follows from the manifest that the steward approved."),
      new Refusal(
          1, "POLICY", "the manifest is another than the one whose hash the steward approved.")),
  SMALL_COHORT(
      "small-cohort",
      SmallCohort::new,
      "opens the round for site-1 among three sites only.",
      "a sum over few sites says much about each of them.",
      new Refusal(
          1,
          "COHORT_TOO_SMALL",
          "manifest and site policy say how many sites there must be, before any key is made."));

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor, which has no state
  private final Function<Backstage, Script> script;

  private final String tries;
  private final String otherwise;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed, of records
  private final List<Refusal> refusals;

  /**
   * What is to stop it.
   *
   * @param site that refuses
   * @param check the reason it gives, a word of the site's closed list
   * @param why for people
   */
  public record Refusal(SiteId site, String check, String why) {
    private Refusal(int site, String check, String why) {
      this(Attack.site(site), check, why);
    }
  }

  Attack(
      String label,
      Function<Backstage, Script> script,
      String tries,
      String otherwise,
      Refusal... refusals) {
    this.label = label;
    this.script = script;
    this.tries = tries;
    this.otherwise = otherwise;
    this.refusals = List.of(refusals);
  }

  /**
   * The attack that the command line calls so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Attack ofLabel(String label) {
    return Arrays.stream(values())
        .filter(attack -> attack.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no attack \"" + label + "\"; there are " + labels()));
  }

  /** All of them, for people. */
  public static String labels() {
    return Arrays.stream(values()).map(Attack::label).collect(Collectors.joining(", "));
  }

  /** The n-th site, from 1. */
  static SiteId site(int number) {
    return new SiteId("site-" + number);
  }

  public String label() {
    return label;
  }

  /** What the coordinator does, a sentence without its subject. */
  public String tries() {
    return tries;
  }

  /** What would come of it if no site refused. */
  public String otherwise() {
    return otherwise;
  }

  /** All that are to come, the decisive one first. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /** Rounds that it takes, from 1. */
  public long rounds() {
    return this == REPLAY_ROUND ? 2 : 1;
  }

  /** A coordinator that does this once. */
  public Script script(Backstage backstage) {
    return script.apply(backstage);
  }

  @Override
  public String toString() {
    return label;
  }
}
