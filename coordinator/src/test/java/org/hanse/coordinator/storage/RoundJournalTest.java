package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundJournalTest {
  private static final JobId JOB = new JobId("job-1");
  private static final RoundId ROUND = new RoundId(JOB, 7);
  private static final AttemptId ATTEMPT = new AttemptId(ROUND, 2);
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000, 123_456_789);
  private static final Fingerprint SITE = new Fingerprint(bytes(32, 1));
  private static final Fingerprint OTHER = new Fingerprint(bytes(32, 2));
  private static final Fingerprint THIRD = new Fingerprint(bytes(32, 3));

  @TempDir private Path directory;

  @Test
  void read_everyEvent_asItWasWritten() throws IOException {
    write(opening(Optional.empty()), events());

    RoundJournal.Content content = RoundJournal.read(files(), ROUND);

    assertThat(content.opening()).isEqualTo(opening(Optional.empty()));
    assertThat(content.events()).containsExactlyElementsOf(events());
  }

  @Test
  void eventsOfTheseTests_areOfEveryKind() {
    assertThat(events().stream().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(RoundEvent.class.getPermittedSubclasses());
  }

  @Test
  void read_openingOfALaterRound_withItsProof() throws IOException {
    AdoptionProof proof =
        new AdoptionProof(
            new AttemptId(new RoundId(JOB, 6), 0),
            hash(4),
            List.of(SITE, OTHER),
            hash(5),
            hash(6),
            List.of(
                new AdoptionProof.SignedVerdict(SITE, bytes(32, 7), bytes(64, 8)),
                new AdoptionProof.SignedVerdict(OTHER, bytes(32, 9), bytes(64, 10))));
    write(opening(Optional.of(proof)), List.of());

    assertThat(RoundJournal.read(files(), ROUND).opening()).isEqualTo(opening(Optional.of(proof)));
  }

  @Test
  void read_tornInItsLastEvent_givesTheEventsBefore() throws IOException {
    write(opening(Optional.empty()), events());
    Path file = files().journal(ROUND);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 1));

    assertThat(RoundJournal.read(files(), ROUND).events())
        .containsExactlyElementsOf(events().subList(0, events().size() - 1));
  }

  @Test
  void read_withoutAWholeOpening_throws() throws IOException {
    write(opening(Optional.empty()), List.of());
    Path file = files().journal(ROUND);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 1));

    assertThatThrownBy(() -> RoundJournal.read(files(), ROUND))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no opening");
  }

  @Test
  void forget_leavesTheRoundWithoutItsJournal() throws IOException {
    write(opening(Optional.empty()), events());
    RoundJournal.forget(files(), ROUND);
    assertThat(files().journal(ROUND)).doesNotExist();
    assertThat(files().round(ROUND)).isEmptyDirectory();
    RoundJournal.forget(files(), ROUND);
  }

  private void write(RoundJournal.Opening opening, List<RoundEvent> events) throws IOException {
    try (RoundJournal journal = RoundJournal.create(files(), opening)) {
      for (RoundEvent event : events) {
        journal.append(event);
      }
      journal.sync();
    }
  }

  private JobFiles files() {
    return JobFiles.of(directory, JOB);
  }

  private static RoundJournal.Opening opening(Optional<AdoptionProof> proof) {
    return new RoundJournal.Opening(
        ROUND,
        new RoundJournal.Opening.Start(hash(1), hash(2), proof, Set.of(OTHER, THIRD)),
        Map.of(
            SITE, new Presence.Here(),
            OTHER, new Presence.Away(NOW.minusSeconds(3)),
            THIRD, new Presence.Unseen(NOW.minusNanos(5))),
        NOW);
  }

  private static List<RoundEvent> events() {
    List<RoundEvent> events = new ArrayList<>();
    events.add(new RoundEvent.SiteCame(SITE, NOW));
    events.add(new RoundEvent.SiteWent(SITE, NOW.plusNanos(1)));
    events.add(
        new RoundEvent.TrainingFinished(
            ROUND,
            SITE,
            new CertifiedKey(
                new RosterEntry(SITE, bytes(32, 4)), bytes(700, 5), NOW.plusSeconds(86_400)),
            NOW));
    events.add(new RoundEvent.TrainingDeclined(ROUND, OTHER, DeclineReason.NOT_APPROVED, NOW));
    for (FromSite message : messages()) {
      events.add(new RoundEvent.MessageReceived(ATTEMPT, SITE, message, NOW));
    }
    events.add(new RoundEvent.UploadUnfit(ATTEMPT, SITE, DropReason.WRONG_ROOT, NOW));
    events.add(
        new RoundEvent.SumApplied(
            ATTEMPT, hash(7), new RoundEvent.Tags(0, (1L << 61) - 2), hash(8), NOW));
    events.add(new RoundEvent.SumFailed(ATTEMPT, AbortReason.RESULT_IMPLAUSIBLE, NOW));
    events.add(new RoundEvent.StopRequested(AbortReason.ABORTED_BY_USER, NOW));
    events.add(new RoundEvent.TimePassed(NOW.plusSeconds(60)));
    return events;
  }

  private static List<FromSite> messages() {
    return List.of(
        new FromSite.Advertisement(
            SITE,
            AgreementPublicKey.classical(bytes(32, 9)),
            new AgreementPublicKey(bytes(32, 10), Optional.of(bytes(1184, 11))),
            hash(1),
            hash(2),
            bytes(64, 3)),
        new FromSite.Shares(
            hash(1),
            List.of(
                new FromSite.ShareEntry(
                    OTHER,
                    bytes(12, 1),
                    bytes(112, 2),
                    hash(3),
                    hash(4),
                    Optional.of(bytes(1088, 5)),
                    Optional.empty())),
            hash(5),
            bytes(64, 6)),
        new FromSite.UploadCommit(hash(1), 1, 77, 0, (1L << 61) - 2, bytes(64, 1)),
        new FromSite.Complaint(OTHER, ComplaintReason.WRONG_LENGTH, bytes(64, 4)),
        new FromSite.Confirmation(hash(1), bytes(64, 2)),
        new FromSite.Verdict(true, hash(1), hash(2), bytes(64, 3)));
  }

  private static Bytes bytes(int size, int value) {
    byte[] all = new byte[size];
    Arrays.fill(all, (byte) value);
    return Bytes.of(all);
  }

  private static Hash hash(int value) {
    return new Hash(bytes(32, value));
  }
}
