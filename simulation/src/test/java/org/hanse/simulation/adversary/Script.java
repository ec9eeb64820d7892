package org.hanse.simulation.adversary;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;

/**
 * A coordinator that follows no protocol: it asks whom it likes, builds any message from what it
 * was sent, and tells every site something else if a test says so.
 */
final class Script {
  final Federation federation;
  final AttemptId attempt;
  final List<RosterEntry> roster;

  /** ctx, by this roster. */
  final Hash context;

  private final ByName<FromSite.Advertisement> keys = new ByName<>();
  private final ByName<FromSite.Shares> shares = new ByName<>();
  private final ByName<FromSite.UploadCommit> commits = new ByName<>();
  private final ByName<FromSite.Confirmation> confirmations = new ByName<>();

  /** What else the sites sent. */
  final List<FromSite> answers = new ArrayList<>();

  Script(Federation federation, AttemptId attempt, List<RosterEntry> roster) {
    this.federation = federation;
    this.attempt = attempt;
    this.roster = List.copyOf(roster);
    this.context =
        Knowledge.contextOf(
            federation.consortium, attempt, roster.stream().map(RosterEntry::site).toList());
    federation.trace.add(
        new Happening.Opened(attempt, roster.stream().map(RosterEntry::site).toList()));
    federation.trace.add(new Happening.Ended(attempt));
  }

  /** Attempt 0 of round 1 among these sites; among all if none is named. */
  static Script of(Federation federation, int... members) {
    return new Script(
        federation, TestConsortium.attempt(1, 0), federation.consortium.roster(members));
  }

  /** Hands the message to the site and keeps what comes back. */
  List<FromSite> tell(int number, ToSite message) {
    List<FromSite> replies = federation.site(number).receive(message);
    replies.forEach(reply -> heard(federation.name(number), reply));
    return replies;
  }

  /** Keeps what a site sent, or what the adversary signed in its name. */
  void heard(Fingerprint from, FromSite message) {
    answers.add(message);
    switch (message) {
      case FromSite.Advertisement ad -> keys.put(from, ad);
      case FromSite.Shares dealt -> shares.put(from, dealt);
      case FromSite.UploadCommit commit -> commits.put(from, commit);
      case FromSite.Confirmation confirmation -> confirmations.put(from, confirmation);
      default -> {}
    }
  }

  // ----- the steps, for the sites named -----

  Script start(int... numbers) {
    for (int number : numbers) {
      tell(number, start());
    }
    return this;
  }

  /** Shows these sites the keys of each other and of nobody else. */
  Script exchangeKeys(int... numbers) {
    ToSite.Roster all = roster(numbers);
    for (int number : numbers) {
      tell(number, all);
    }
    return this;
  }

  Script exchangeShares(int... numbers) {
    for (int number : numbers) {
      tell(number, sharesFor(number, numbers));
    }
    return this;
  }

  Script showSurvivors(int... numbers) {
    ToSite.Survivors all = survivors(numbers);
    for (int number : numbers) {
      tell(number, all);
    }
    return this;
  }

  Script showQuorum(int... numbers) {
    ToSite.Quorum all = quorum(numbers);
    for (int number : numbers) {
      tell(number, all);
    }
    return this;
  }

  // ----- messages -----

  ToSite.RoundStart start() {
    return new ToSite.RoundStart(attempt, federation.consortium.initialModel(), roster);
  }

  ToSite.Roster roster(int... numbers) {
    return new ToSite.Roster(of(numbers, keys));
  }

  /** M4 as if these sites were U2; the dealers' boxes are for U1, whatever it was. */
  ToSite.SharesFor sharesFor(int holder, int... dealers) {
    Fingerprint self = federation.name(holder);
    List<ToSite.SharerCommitment> sharers = new ArrayList<>();
    List<ToSite.Delivery> deliveries = new ArrayList<>();
    for (Fingerprint dealer : names(dealers)) {
      FromSite.Shares dealt = shares.get(dealer);
      sharers.add(new ToSite.SharerCommitment(dealer, dealt.entryRoot(), dealt.signature()));
      List<Fingerprint> holders = dealt.entries().stream().map(FromSite.ShareEntry::to).toList();
      int index = holders.indexOf(self);
      if (index >= 0) {
        deliveries.add(
            new ToSite.Delivery(
                dealer,
                index,
                dealt.entries().get(index),
                MerkleTree.proofs(leaves(context, dealer, dealt.entries())).get(index)));
      }
    }
    return new ToSite.SharesFor(sharers, deliveries);
  }

  ToSite.Survivors survivors(int... numbers) {
    List<ToSite.Survivor> survivors = new ArrayList<>();
    for (Fingerprint site : names(numbers)) {
      FromSite.UploadCommit commit = commits.get(site);
      survivors.add(
          new ToSite.Survivor(
              site, commit.root(), commit.tag0(), commit.tag1(), commit.signature()));
    }
    return new ToSite.Survivors(survivors);
  }

  ToSite.Quorum quorum(int... numbers) {
    List<ToSite.Endorsement> endorsements = new ArrayList<>();
    for (Fingerprint site : names(numbers)) {
      FromSite.Confirmation confirmation = confirmations.get(site);
      endorsements.add(
          new ToSite.Endorsement(site, confirmation.statement(), confirmation.signature()));
    }
    return new ToSite.Quorum(endorsements);
  }

  FromSite.Shares sharesOf(int number) {
    return shares.get(federation.name(number));
  }

  FromSite.Advertisement keysOf(int number) {
    return keys.get(federation.name(number));
  }

  private <M> List<M> of(int[] numbers, ByName<M> messages) {
    return names(numbers).stream().map(messages::get).toList();
  }

  private Collection<Fingerprint> names(int... numbers) {
    Set<Fingerprint> names = new TreeSet<>();
    IntStream.of(numbers).forEach(number -> names.add(federation.name(number)));
    return names;
  }

  // ----- what a key makes possible -----

  /** A signature by this key under this context, over these fields. */
  static Bytes signature(SigningKey key, Hash context, String purpose, Fields fields) {
    byte[] head =
        new Fields()
            .text("flsa1/sig/" + purpose)
            .hash(context)
            .fingerprint(key.fingerprint())
            .toByteArray();
    return key.sign(Reference.join(head, fields.toByteArray()));
  }

  /** The advertisement with other keys, signed by its owner under this context. */
  static FromSite.Advertisement resigned(
      FromSite.Advertisement ad,
      AgreementPublicKey channelKey,
      AgreementPublicKey maskKey,
      SigningKey key,
      Hash context) {
    Fields fields =
        maskKey
            .appendTo(channelKey.appendTo(new Fields()))
            .hash(ad.selfMaskCommitment())
            .hash(ad.tagKeyCommitment());
    return new FromSite.Advertisement(
        ad.site(),
        channelKey,
        maskKey,
        ad.selfMaskCommitment(),
        ad.tagKeyCommitment(),
        signature(key, context, "ad", fields));
  }

  /** M3 with other boxes, under a root and signature of their dealer to match. */
  static FromSite.Shares redealt(
      FromSite.Shares dealt, List<FromSite.ShareEntry> entries, SigningKey dealer, Hash context) {
    Hash root = MerkleTree.root(leaves(context, dealer.fingerprint(), entries));
    return new FromSite.Shares(
        dealt.rosterHash(),
        entries,
        root,
        signature(dealer, context, "shares", new Fields().hash(dealt.rosterHash()).hash(root)));
  }

  static List<Hash> leaves(Hash context, Fingerprint dealer, List<FromSite.ShareEntry> entries) {
    List<Hash> leaves = new ArrayList<>();
    for (FromSite.ShareEntry entry : entries) {
      leaves.add(
          LabelledHash.leaf(
              "flsa1/entry",
              new Fields()
                  .hash(context)
                  .fingerprint(dealer)
                  .u64(leaves.size())
                  .fingerprint(entry.to())
                  .bytes(entry.nonce())
                  .bytes(entry.ciphertext())
                  .hash(entry.selfShareHash())
                  .hash(entry.maskShareHash())));
    }
    return leaves;
  }
}
