package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Five sites, of whom one dropped out after it dealt its shares. */
class RevelationTest {
  private static final int DROPOUT = 2;

  @ParameterizedTest
  @EnumSource(names = {"FLSA1", "FLSA1_HYBRID"})
  void copy_originalErased_opensTheSumStill(Suite suite) {
    Opening opening = opening(suite);
    Revelation copy = opening.revelation().copy();

    opening.revelation().erase();

    assertThat(Secrets.in(opening.revelation())).isEmpty();
    assertThat(Secrets.in(copy)).hasSize(5);
    assertThat(copy.mismatches(opening.context(), opening.survivors())).isEmpty();
    assertThat(copy.unmasker(opening.context(), opening.survivors())).isPresent();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLSA1", "FLSA1_HYBRID"})
  void unmasker_erased_leavesTheRevelationWhole(Suite suite) {
    Opening opening = opening(suite);
    Unmasker unmasker =
        opening.revelation().unmasker(opening.context(), opening.survivors()).orElseThrow();
    assertThat(Secrets.in(unmasker)).as("a self mask and a pair's of each survivor").hasSize(8);

    unmasker.erase();

    assertThat(Secrets.in(opening.revelation())).hasSize(5);
    assertThat(opening.revelation().unmasker(opening.context(), opening.survivors())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {DROPOUT, DROPOUT + 1})
  void mismatches_secretOfAnotherSizeOrMissing_namesItsSite(int number) {
    Opening opening = opening(Suite.FLSA1);
    Fingerprint site = opening.revelation().sites().get(number);
    SecretBytes honest = opening.revelation().of(site);
    SecretBytes longer = SecretBytes.concatenate(List.of(honest, SecretBytes.copyOf(new byte[1])));

    assertNames(opening, site, Optional.of(honest.slice(0, 31)));
    assertNames(opening, site, Optional.of(longer));
    assertNames(opening, site, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {DROPOUT, DROPOUT + 1})
  void of_siteWithoutASecret_isNamed(int number) {
    Opening opening = opening(Suite.FLSA1);
    Fingerprint site = opening.revelation().sites().get(number);
    Revelation without = with(opening, site, Optional.empty());

    assertThatThrownBy(() -> without.of(site)).hasMessageContaining(site.toString());
  }

  private static void assertNames(Opening opening, Fingerprint site, Optional<SecretBytes> secret) {
    Revelation shown = with(opening, site, secret);
    assertThat(shown.mismatches(opening.context(), opening.survivors())).containsExactly(site);
    assertThat(shown.unmasker(opening.context(), opening.survivors())).isEmpty();
  }

  /** What was opened, with another secret of {@code site}, or none. */
  private static Revelation with(Opening opening, Fingerprint site, Optional<SecretBytes> secret) {
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    Revelation honest = opening.revelation();
    honest.sites().forEach(other -> secrets.put(other, honest.of(other)));
    secrets.remove(site);
    secret.ifPresent(other -> secrets.put(site, other));
    return new Revelation(secrets, honest.encapsulations());
  }

  private static Opening opening(Suite suite) {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite)), 1);
    return Opening.of(federation, DROPOUT, Dropout.AFTER_SHARES);
  }
}
