package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * What the coordinator sends a site during one attempt. Lists are in ascending fingerprint order.
 */
public sealed interface ToSite {

  /**
   * M0: an attempt opens among the sites that finished training.
   *
   * @param roster R; certificates were checked before this value was made
   */
  record RoundStart(AttemptId attempt, Hash modelHash, List<RosterEntry> roster) implements ToSite {
    public RoundStart {
      roster = List.copyOf(roster);
    }
  }

  /** M2: the ephemeral keys of all sites that advertised, U1. */
  record Roster(List<FromSite.Advertisement> advertisements) implements ToSite {
    public Roster {
      advertisements = List.copyOf(advertisements);
    }
  }

  /**
   * M4: who shared, U2, and this site's boxes.
   *
   * @param deliveries one per member of U2 but the receiver, ascending by dealer
   */
  record SharesFor(List<SharerCommitment> sharers, List<Delivery> deliveries) implements ToSite {
    public SharesFor {
      sharers = List.copyOf(sharers);
      deliveries = List.copyOf(deliveries);
    }
  }

  /** A dealer's signed commitment to all its boxes. */
  record SharerCommitment(Fingerprint site, Hash entryRoot, Bytes signature) {}

  /**
   * One dealer's box for the receiver.
   *
   * @param index position of the entry in the dealer's tree, from 0
   * @param path Merkle proof from leaf to root
   */
  record Delivery(Fingerprint dealer, int index, FromSite.ShareEntry entry, List<Hash> path) {
    public Delivery {
      path = List.copyOf(path);
    }
  }

  /** M6: whose upload is complete, U3. */
  record Survivors(List<Survivor> survivors) implements ToSite {
    public Survivors {
      survivors = List.copyOf(survivors);
    }
  }

  /**
   * A site's signed upload.
   *
   * @param tag0 0 to 2^61-2
   * @param tag1 0 to 2^61-2
   */
  record Survivor(Fingerprint site, Hash root, long tag0, long tag1, Bytes signature) {}

  /** M8: enough signatures on one statement. */
  record Quorum(List<Endorsement> endorsements) implements ToSite {
    public Quorum {
      endorsements = List.copyOf(endorsements);
    }
  }

  /** One survivor's signature on the statement. */
  record Endorsement(Fingerprint site, Hash statement, Bytes signature) {}

  /**
   * M10: the sum is ready; its chunks are fetched apart.
   *
   * @param tag0 T0, 0 to 2^61-2
   * @param tag1 T1, 0 to 2^61-2
   * @param resultRoot Merkle root over the sum's chunks
   * @param coordinatorKey the coordinator's Ed25519 public key, 32 bytes; hashes to the fingerprint
   *     that the manifest pins
   * @param signature by that key
   */
  record Result(
      Hash statement, Hash resultRoot, long tag0, long tag1, Bytes coordinatorKey, Bytes signature)
      implements ToSite {}
}
