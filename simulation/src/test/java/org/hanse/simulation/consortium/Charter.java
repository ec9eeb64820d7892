package org.hanse.simulation.consortium;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.SitePolicy;
import org.hanse.client.storage.SiteKeys;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.testing.SigningPair;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.ManifestCodec;

/** Who the members are and what they have agreed to; made once and shared by all runs. */
public final class Charter {
  private static final Map<Shape, Charter> MADE = new ConcurrentHashMap<>();
  static final SimulatedAuthority AUTHORITY = new SimulatedAuthority();

  private final JobDescription description;
  private final FloatVector initialModel = SmallJob.initialModel();
  private final SigningPair coordinator = SigningPair.of("coordinator");
  private final Map<SiteId, SigningPair> pairs = new HashMap<>();
  private final List<SiteId> sites = new ArrayList<>();
  private final Map<SiteId, Bytes> certificates = new HashMap<>();
  private final Map<SiteId, Bytes> siteSecrets = new HashMap<>();

  /** What a run's job is like. */
  public record Shape(int members, long rounds) {}

  private Charter(Shape shape) {
    List<SigningPair> keys = new ArrayList<>();
    for (int i = 0; i < shape.members(); i++) {
      keys.add(SigningPair.of("site " + i));
    }
    keys.sort(Comparator.comparing(pair -> pair.key().fingerprint()));
    List<Member> members = new ArrayList<>();
    for (SigningPair pair : keys) {
      SiteId site = new SiteId("site-" + members.size());
      sites.add(site);
      pairs.put(site, pair);
      certificates.put(site, certificate(site, SimulatedAuthority.never()));
      siteSecrets.put(site, LabelledHash.sha256(site.value().getBytes(US_ASCII)).bytes());
      members.add(new Member(pair.key().fingerprint(), site, "Hospital " + members.size()));
    }
    JobManifest manifest =
        SmallJob.manifest(members, coordinator.key().fingerprint(), initialModel, shape.rounds());
    Bytes exactBytes = ManifestCodec.encode(manifest);
    description = new JobDescription(manifest, exactBytes, Contexts.planHash(exactBytes), "alice");
  }

  public static Charter of(Shape shape) {
    return MADE.computeIfAbsent(shape, Charter::new);
  }

  public JobId id() {
    return description.id();
  }

  public JobManifest manifest() {
    return description.manifest();
  }

  public PlannedJob planned() {
    return new PlannedJob(description.manifest(), description.planHash());
  }

  public JobDescription description() {
    return description;
  }

  public FloatVector initialModel() {
    return initialModel;
  }

  public SigningKey coordinatorKey() {
    return coordinator.key();
  }

  /** Ascending by fingerprint. */
  public List<SiteId> sites() {
    return sites;
  }

  public Fingerprint fingerprint(SiteId site) {
    return pair(site).key().fingerprint();
  }

  public SiteId site(Fingerprint member) {
    return manifest().consortium().memberByKey(member).orElseThrow().site();
  }

  private SigningPair pair(SiteId site) {
    return Objects.requireNonNull(pairs.get(site));
  }

  Bytes certificate(SiteId site) {
    return Objects.requireNonNull(certificates.get(site));
  }

  Bytes certificate(SiteId site, Instant notAfter) {
    return AUTHORITY.certificate(site, pair(site), notAfter);
  }

  /** Of a new process: it erases what it is given. */
  public SiteKeys keys(SiteId site, Bytes certificate) {
    Bytes secret = Objects.requireNonNull(siteSecrets.get(site));
    return new SiteKeys(pair(site).key(), certificate, SecretBytes.copyOf(secret.toByteArray()));
  }

  SitePolicy policy() {
    return new SitePolicy(
        2,
        manifest().aggregation().encoding().clipNormL2(),
        Set.of(),
        false,
        Set.of(),
        Set.of(description.planHash()));
  }
}
