package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.mask.MaskSeed;
import org.hanse.core.secagg.mask.MaskSet;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masking against unmasking, without the protocol around it. */
class UnmaskerTest {
  private static final Hash CONTEXT = TestConsortium.hash("context");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void unmask_randomSitesDropoutsAndChunks_equalsTheIntegerSum(long seed) {
    Random random = new Random(seed);
    Suite suite = seed % 2 == 0 ? Suite.FLSA1_Z16 : Suite.FLSA1;
    int elementBytes = suite.ring().elementBytes();
    Scene scene =
        new Scene(
            random,
            suite,
            3 + random.nextInt(6),
            new Chunking(1 + random.nextInt(9_000), 1 + random.nextInt(5_000), elementBytes));
    int dropouts = random.nextInt(scene.sites - 1);

    scene.assertUnmasksTo(scene.sites - dropouts);
  }

  @Test
  void unmask_chunksInParallel_sameSum() {
    Scene scene = new Scene(new Random(1), Suite.FLSA1, 4, new Chunking(40_000, 1_000));
    Unmasker unmasker = scene.unmasker(3);

    int[][] parallel =
        LongStream.range(0, 40)
            .parallel()
            .mapToObj(chunk -> unmasker.unmask(chunk, scene::read))
            .toArray(int[][]::new);

    for (int chunk = 0; chunk < 40; chunk++) {
      assertThat(parallel[chunk]).isEqualTo(scene.plainSum(3, chunk));
    }
  }

  @Test
  void unmask_storedChunkOfOtherLength_refused() {
    Scene scene = new Scene(new Random(1), Suite.FLSA1, 3, new Chunking(100, 10));
    Unmasker unmasker = scene.unmasker(3);

    assertThatThrownBy(() -> unmasker.unmask(0, (site, chunk) -> new byte[36]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void erase_always_noSecretLeft() {
    Scene scene = new Scene(new Random(1), Suite.FLSA1, 4, new Chunking(100, 10));
    Unmasker unmasker = scene.unmasker(3);
    assertThat(Secrets.in(unmasker)).isNotEmpty();

    unmasker.erase();

    assertThat(Secrets.in(unmasker)).isEmpty();
    assertThatThrownBy(() -> unmasker.unmask(0, scene::read))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Sites with random vectors, each masked for all others. */
  private static final class Scene {
    final int sites;
    private final Suite suite;
    private final Chunking chunking;
    private final List<FromSite.Advertisement> ads = new ArrayList<>();
    private final List<X25519Key> keys = new ArrayList<>();
    private final List<SecretBytes> selfMasks = new ArrayList<>();
    private final List<IntVector> updates = new ArrayList<>();
    private final Map<Fingerprint, List<byte[]>> spool = new HashMap<>();
    private final List<ToSite.Survivor> uploads = new ArrayList<>();
    private final TagKey tagKey =
        TagKey.of(CONTEXT, TestConsortium.hash("U2"), List.of(TestConsortium.secret("k")));

    Scene(Random random, Suite suite, int sites, Chunking chunking) {
      this.suite = suite;
      this.sites = sites;
      this.chunking = chunking;
      TestConsortium consortium = TestConsortium.of(sites, 0);
      for (int i = 0; i < sites; i++) {
        X25519Key key = X25519Key.fromSecret(TestConsortium.secret("mask key " + i));
        keys.add(key);
        selfMasks.add(TestConsortium.secret("self mask " + i));
        ads.add(
            new FromSite.Advertisement(
                consortium.sites().get(i).fingerprint(),
                AgreementPublicKey.classical(key.publicKey()),
                AgreementPublicKey.classical(key.publicKey()),
                CONTEXT,
                CONTEXT,
                Bytes.of()));
        int length = (int) chunking.lengthElements();
        // Eight of them do not wrap.
        int bound = suite.ring().maxSigned() / 8;
        updates.add(new IntVector(random.ints(length, -bound, bound + 1).toArray(), chunking));
      }
      for (int i = 0; i < sites; i++) {
        upload(i);
      }
    }

    private void upload(int site) {
      Fingerprint name = ads.get(site).site();
      List<MaskSeed> added = new ArrayList<>();
      List<MaskSeed> subtracted = new ArrayList<>();
      added.add(MaskSeed.self(CONTEXT, name, selfMasks.get(site)));
      for (int peer = 0; peer < sites; peer++) {
        if (peer != site) {
          (site < peer ? added : subtracted).add(pair(site, peer));
        }
      }
      List<byte[]> chunks = new ArrayList<>();
      SiteInput.UploadSummary summary =
          new UploadMasker(CONTEXT, name, chunking, new MaskSet(suite, added, subtracted), tagKey)
              .maskAll(updates.get(site), (chunk, bytes) -> chunks.add(bytes));
      spool.put(name, chunks);
      uploads.add(
          new ToSite.Survivor(name, summary.root(), summary.tag0(), summary.tag1(), Bytes.of()));
    }

    private MaskSeed pair(int site, int peer) {
      AgreementKey.Agreed agreed =
          new AgreementKey.Agreed(
              keys.get(site).agree(keys.get(peer).publicKey()), Optional.empty());
      return MaskSeed.pair(
          CONTEXT, agreed, ads.get(Math.min(site, peer)), ads.get(Math.max(site, peer)));
    }

    byte[] read(Fingerprint site, long chunk) {
      return Objects.requireNonNull(spool.get(site)).get((int) chunk);
    }

    /** The first {@code survivors} sites survive. */
    Unmasker unmasker(int survivors) {
      List<MaskSeed> added = new ArrayList<>();
      for (int site = 0; site < survivors; site++) {
        added.add(MaskSeed.self(CONTEXT, ads.get(site).site(), selfMasks.get(site)));
        for (int dropout = survivors; dropout < sites; dropout++) {
          added.add(pair(site, dropout));
        }
      }
      return new Unmasker(
          CONTEXT, chunking, uploads.subList(0, survivors), new MaskSet(suite, added, List.of()));
    }

    int[] plainSum(int survivors, long chunk) {
      int[] sum = new int[chunking.elementsIn(chunk)];
      for (IntVector update : updates.subList(0, survivors)) {
        int[] elements = update.read(chunk);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += elements[i];
        }
      }
      return sum;
    }

    void assertUnmasksTo(int survivors) {
      Unmasker unmasker = unmasker(survivors);
      long[] tags = new long[TagKey.TAGS];
      for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
        int[] sum = unmasker.unmask(chunk, this::read);
        assertThat(sum).isEqualTo(plainSum(survivors, chunk));
        for (int tag = 0; tag < TagKey.TAGS; tag++) {
          for (int i = 0; i < sum.length; i++) {
            long word = tagKey.words(tag).word61(chunking.firstElement(chunk) + i);
            long product = Mersenne61.multiply(word, Mersenne61.reduce(sum[i]));
            tags[tag] = Mersenne61.add(tags[tag], product);
          }
        }
      }
      for (Fingerprint site : unmasker.survivors()) {
        for (int tag = 0; tag < TagKey.TAGS; tag++) {
          tags[tag] = Mersenne61.add(tags[tag], tagKey.pad(site, tag));
        }
      }
      assertThat(new long[] {unmasker.tag0(), unmasker.tag1()}).isEqualTo(tags);
    }
  }
}
