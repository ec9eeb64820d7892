package org.hanse.simulation.attack;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite.Advertisement;
import org.hanse.core.secagg.ToSite;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Step;

/** M2 to one site with mask keys whose other half the coordinator knows. */
final class ReplaceKey implements Script {
  private static final SiteId VICTIM = Attack.site(1);

  private final Backstage backstage;

  ReplaceKey(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!site.equals(VICTIM)
        || !(honest.content() instanceof Step(ToSite.Roster(List<Advertisement> honestKeys)))) {
      return honest;
    }
    Fingerprint self = Cast.of(backstage, honest.position().job()).key(site);
    backstage.tell(
        "gives %s a mask key of its own making as each of the %d peers', under the peer's signature"
            .formatted(site, honestKeys.size() - 1));
    List<Advertisement> replaced =
        IntStream.range(0, honestKeys.size())
            .mapToObj(i -> replaced(honestKeys.get(i), self, i))
            .toList();
    return new Work(
        honest.position(), honest.deadlineSeconds(), new Step(new ToSite.Roster(replaced)));
  }

  private static Advertisement replaced(Advertisement honest, Fingerprint self, int number) {
    return honest.site().equals(self)
        ? honest
        : new Advertisement(
            honest.site(),
            honest.channelKey(),
            knownKey(number, honest.maskKey().mlKem().isPresent()),
            honest.selfMaskCommitment(),
            honest.tagKeyCommitment(),
            honest.signature());
  }

  private static AgreementPublicKey knownKey(int number, boolean hybrid) {
    byte[] known = new byte[X25519Key.SIZE_BYTES];
    Arrays.fill(known, (byte) (number + 1));
    SecretBytes secret = SecretBytes.adopt(known);
    AgreementKey key =
        hybrid ? AgreementKey.hybrid(secret, secret, secret) : AgreementKey.classical(secret);
    return key.publicKey();
  }
}
