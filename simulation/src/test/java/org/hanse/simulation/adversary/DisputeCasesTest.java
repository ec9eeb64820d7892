package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundState;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.FromSite.ShareEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Boxes that do not open, and what comes of the holder's word. N = 7, c = 2, t = n_min = 5. */
class DisputeCasesTest {
  private static final int DEALER = 3;

  /** The dealer's first box is for this site. */
  private static final int HOLDER = 0;

  /** What is in the first box, under the dealer's signed root. */
  enum BadBox {
    CUT_AND_FILLED_UP,
    OF_ANOTHER_RECIPIENT,
    OF_ANOTHER_ATTEMPT;

    ShareEntry instead(List<ShareEntry> honest, Federation federation) {
      ShareEntry first = honest.getFirst();
      return switch (this) {
        case CUT_AND_FILLED_UP -> {
          byte[] box = first.ciphertext().toByteArray();
          box[box.length - 1] = (byte) ~box[box.length - 1];
          yield with(first, first.nonce(), Bytes.of(box));
        }
        case OF_ANOTHER_RECIPIENT -> with(first, honest.get(1).nonce(), honest.get(1).ciphertext());
        case OF_ANOTHER_ATTEMPT -> {
          Federation other = new Federation(federation.consortium, 1);
          List<FromSite.Shares> dealt = new ArrayList<>();
          other.hookFromSites((from, message) -> {
            if (from.number == DEALER && message instanceof FromSite.Shares shares) {
              dealt.add(shares);
            }
            return List.of(message);
          });
          other.run(1, 1);
          ShareEntry old = dealt.getFirst().entries().getFirst();
          yield with(first, old.nonce(), old.ciphertext());
        }
      };
    }

    private static ShareEntry with(ShareEntry entry, Bytes nonce, Bytes ciphertext) {
      return new ShareEntry(
          entry.to(),
          nonce,
          ciphertext,
          entry.selfShareHash(),
          entry.maskShareHash(),
          entry.channelEncapsulation(),
          entry.maskEncapsulation());
    }
  }

  @ParameterizedTest
  @EnumSource
  void case09_boxThatDoesNotOpen_signedComplaintAndNextAttemptWithoutBoth(BadBox box) {
    RoundRun round = dealing(Federation.of(7, 2), box).run();

    assertThat(complaints(round))
        .containsExactly(complaint(round.federation.site(HOLDER).key, round.context(0), round));
    assertThat(round.rosters())
        .containsExactly(round.names(0, 1, 2, 3, 4, 5, 6), round.names(1, 2, 4, 5, 6));
    assertThat(round.state()).isInstanceOf(RoundState.Applying.class);
    assertThat(round.running().attempt().cohort().counted()).isEqualTo(round.names(1, 2, 4, 5, 6));
    assertThat(round.federation.site(HOLDER).refusals).containsExactly(SiteRefusal.SHARE_INVALID);
    round.finish();
  }

  /** Of five, three are left, and t stays 4. */
  @Test
  void case09_tooFewWithoutBoth_floorsStayAndTheRoundEnds() {
    RoundRun round = dealing(Federation.of(5, 1), BadBox.OF_ANOTHER_RECIPIENT).run();

    assertThat(round.rosters()).hasSize(1);
    assertThat(round.state())
        .isInstanceOfSatisfying(
            RoundState.Aborted.class,
            aborted -> {
              assertThat(aborted.reason()).isEqualTo(AbortReason.SHARE_REFUSED);
              assertThat(aborted.spent()).isFalse();
            });
    assertThat(round.federation.sent(FromSite.Release.class)).isEmpty();
    round.finish();
  }

  @Test
  void case09_forgedComplaint_changesNothing() {
    List<FromSite> held = new ArrayList<>();
    RoundRun round = new RoundRun(Federation.of(7, 2));
    round.hookFromSites((from, message) -> {
      boolean hold = from.number == HOLDER && message instanceof FromSite.UploadCommit;
      return hold && held.add(message) ? List.of() : List.of(message);
    });
    round.run();
    RoundState before = round.state();
    SigningKey holder = round.federation.site(HOLDER).key;
    Hash elsewhere = TestConsortium.hash("another attempt");

    Stream.of(
            complaint(round.federation.site(DEALER).key, round.context(0), round),
            complaint(holder, elsewhere, round))
        .forEach(forged -> {
          assertThat(round.arrive(0, HOLDER, forged))
              .hasSize(1)
              .hasOnlyElementsOfType(RoundEffect.Reject.class);
          assertThat(round.state()).isEqualTo(before);
        });

    round.arrive(0, HOLDER, held.getFirst());
    assertThat(round.running().attempt().cohort().counted()).hasSize(7);
    assertThat(round.rosters()).hasSize(1);
    round.finish();
  }

  /** Not under the dealer's root: that is the coordinator's doing, and no dealer is named. */
  @Test
  void case09_coordinatorSwapsBoxes_siteWithdrawsWithoutComplaint() {
    Federation federation = Federation.of(5, 1);
    Script script = Script.of(federation).start(0, 1, 2, 3, 4).exchangeKeys(0, 1, 2, 3, 4);
    ToSite.SharesFor own = script.sharesFor(0, 0, 1, 2, 3, 4);
    ToSite.SharesFor others = script.sharesFor(1, 0, 1, 2, 3, 4);
    ToSite.Delivery foreign = others.deliveries().get(1); // of dealer 2, as the one replaced

    List<FromSite> replies =
        script.tell(
            0,
            new ToSite.SharesFor(
                own.sharers(), Forgery.replacing(own.deliveries(), 1, box -> foreign)));

    assertThat(replies).containsExactly(new FromSite.Withdrawal(SiteRefusal.SHARE_INVALID));
    federation.finish();
  }

  /** In the first attempt the dealer puts this into its first box. */
  private static RoundRun dealing(Federation federation, BadBox box) {
    federation.collude(DEALER);
    RoundRun round = new RoundRun(federation);
    return round.hookFromSites((from, message) ->
        List.of(
            from.number == DEALER && message instanceof FromSite.Shares honest
                ? Dealer.deal(
                    from,
                    honest,
                    Forgery.replacing(
                        honest.entries(), 0, entry -> box.instead(honest.entries(), federation)),
                    round.context(0))
                : message));
  }

  private static List<FromSite.Complaint> complaints(RoundRun round) {
    return round.received.stream()
        .filter(FromSite.Complaint.class::isInstance)
        .map(FromSite.Complaint.class::cast)
        .toList();
  }

  private static FromSite.Complaint complaint(SigningKey key, Hash context, RoundRun round) {
    Bytes signature =
        Script.signature(
            key,
            context,
            "complaint",
            new Fields().fingerprint(round.federation.name(DEALER)).u8(0));
    return new FromSite.Complaint(
        round.federation.name(DEALER), ComplaintReason.BOX_UNREADABLE, signature);
  }
}
