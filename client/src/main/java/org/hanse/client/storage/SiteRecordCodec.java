package org.hanse.client.storage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.hanse.client.session.SiteRecord;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;

/** A record as words of text: its kind, the round, then its fields. */
final class SiteRecordCodec {
  private SiteRecordCodec() {}

  static byte[] encode(SiteRecord record) {
    String fields =
        switch (record) {
          case SiteRecord.UpdateSaved saved ->
              "saved "
                  + saved.trained().plan()
                  + " "
                  + saved.trained().baseModel()
                  + " "
                  + saved.update();
          case SiteRecord.ModelTrusted trusted -> "trusted " + trusted.model();
          case SiteRecord.Protocol protocol -> encode(protocol.entry());
        };
    RoundId round = record.round();
    return (round.job() + " " + round.round() + " " + fields).getBytes(StandardCharsets.UTF_8);
  }

  private static String encode(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Joined joined ->
          "joined "
              + joined.attempt().attempt()
              + " "
              + joined.context()
              + " "
              + joined.modelHash()
              + " "
              + joined.updateHash();
      case JournalEntry.Released released ->
          "released "
              + released.attempt().attempt()
              + " "
              + released.context()
              + " "
              + released.modelHash()
              + " "
              + released.statement();
      case JournalEntry.Closed closed -> "closed";
    };
  }

  /**
   * The inverse.
   *
   * @throws IllegalArgumentException if {@code bytes} are no record
   */
  static SiteRecord decode(byte[] bytes) {
    Words words = new Words(List.of(new String(bytes, StandardCharsets.UTF_8).split(" ", -1)));
    RoundId round = new RoundId(new JobId(words.at(0)), Long.parseLong(words.at(1)));
    return switch (words.at(2)) {
      case "saved" -> {
        words.expect(6);
        yield new SiteRecord.UpdateSaved(
            round, new SiteRecord.Origin(words.hash(3), words.hash(4)), words.hash(5));
      }
      case "trusted" -> {
        words.expect(4);
        yield new SiteRecord.ModelTrusted(round, words.hash(3));
      }
      case "joined" -> {
        words.expect(7);
        yield new SiteRecord.Protocol(
            new JournalEntry.Joined(
                words.attempt(round), words.hash(4), words.hash(5), words.hash(6)));
      }
      case "released" -> {
        words.expect(7);
        yield new SiteRecord.Protocol(
            new JournalEntry.Released(
                words.attempt(round), words.hash(4), words.hash(5), words.hash(6)));
      }
      case "closed" -> {
        words.expect(3);
        yield new SiteRecord.Protocol(new JournalEntry.Closed(round));
      }
      default -> throw new IllegalArgumentException("no record kind \"" + words.at(2) + '"');
    };
  }

  private record Words(List<String> words) {
    String at(int index) {
      if (index >= words.size()) {
        throw new IllegalArgumentException("record of " + words.size() + " words");
      }
      return words.get(index);
    }

    Hash hash(int index) {
      return Hash.fromHex(at(index));
    }

    AttemptId attempt(RoundId round) {
      return new AttemptId(round, Integer.parseInt(at(3)));
    }

    void expect(int count) {
      if (words.size() != count) {
        throw new IllegalArgumentException("record of " + words.size() + " words, not " + count);
      }
    }
  }
}
