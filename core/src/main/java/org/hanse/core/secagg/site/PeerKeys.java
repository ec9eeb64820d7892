package org.hanse.core.secagg.site;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.core.crypto.CryptoException;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;

/**
 * What a site agreed on with every other site of U1.
 *
 * @param channel for boxes
 * @param mask for pairwise masks
 */
record PeerKeys(Map<Fingerprint, SecretBytes> channel, Map<Fingerprint, SecretBytes> mask) {

  /** Empty if some peer's key is of small order, which would make the secret a constant. */
  static Optional<PeerKeys> agree(AttemptSecrets own, KeySet keys, Fingerprint self) {
    PeerKeys agreed = new PeerKeys(new TreeMap<>(), new TreeMap<>());
    try {
      for (FromSite.Advertisement peer : keys.peersOf(self)) {
        agreed.channel.put(peer.site(), own.channelKey().agree(peer.channelKey()));
        agreed.mask.put(peer.site(), own.maskKey().agree(peer.maskKey()));
      }
      return Optional.of(agreed);
    } catch (CryptoException e) {
      agreed.erase();
      return Optional.empty();
    }
  }

  /** The secret for boxes to and from a peer that was agreed with. */
  SecretBytes channelWith(Fingerprint peer) {
    return Objects.requireNonNull(channel.get(peer));
  }

  /** The secret for the pairwise mask with a peer that was agreed with. */
  SecretBytes maskWith(Fingerprint peer) {
    return Objects.requireNonNull(mask.get(peer));
  }

  /** Leaves only the mask secrets shared with members of U2. */
  void eraseAllBut(DealerSet dealers) {
    channel.values().forEach(SecretBytes::erase);
    mask.forEach((peer, secret) -> {
      if (!dealers.holds(peer)) {
        secret.erase();
      }
    });
  }

  void erase() {
    channel.values().forEach(SecretBytes::erase);
    mask.values().forEach(SecretBytes::erase);
  }
}
