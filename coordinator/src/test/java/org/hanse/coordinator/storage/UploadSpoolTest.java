package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.hanse.coordinator.storage.UploadSpool.Result;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadSpoolTest {
  /** Ten elements in chunks of four: 16, 16 and 8 bytes. */
  private static final Chunking CHUNKING = new Chunking(10, 4);

  private static final Hash CONTEXT = new Hash(Bytes.of(new byte[32]));
  private static final Fingerprint SITE = Fingerprint.of(new byte[32]);

  private static final UploadSpool.Terms TERMS = new UploadSpool.Terms(CONTEXT, SITE, CHUNKING);
  private static final String HASHES = "spool.hashes";

  @TempDir private Path directory;
  private CountingChannel channel;
  private UploadSpool spool;
  private long claim;

  @BeforeEach
  void open() throws IOException {
    channel = new CountingChannel(Durability.createNew(file()));
    spool =
        new UploadSpool(file(), TERMS, channel, Durability.createNew(directory.resolve(HASHES)));
    claim = spool.claim();
  }

  @Test
  void open_afterAStopInTheMiddle_goesOnAfterTheLastWholeChunk() throws IOException {
    spool.append(claim, 0, chunk(0));
    spool.append(claim, 1, chunk(1));
    spool.close();
    try (FileChannel torn = FileChannel.open(file(), StandardOpenOption.APPEND)) {
      torn.write(ByteBuffer.wrap(new byte[3])); // of the last chunk
    }

    UploadSpool later = UploadSpool.open(file(), TERMS);

    assertThat(later.storedChunks()).isEqualTo(2);
    assertThat(later.sizeBytes()).isEqualTo(32);
    long key = later.claim();
    assertThat(later.append(key, 1, chunk(1))).isEqualTo(Result.REPEATED);
    assertThat(later.append(key, 2, chunk(2))).isEqualTo(Result.STORED);
    assertThat(later.commit(key, commit())).isEqualTo(Result.STORED);
    later.close();
  }

  @Test
  void open_chunkWithoutOrOfAnotherHash_isNotThere() throws IOException {
    appendAll();
    spool.close();
    flip(HASHES, 40);
    assertThat(stored()).isEqualTo(1);
    flip("spool", 5);
    assertThat(stored()).isZero();
    flip("spool", 5);
    Files.write(directory.resolve(HASHES), new byte[31]);
    assertThat(stored()).isZero();
  }

  @Test
  void open_chunksThatNeverReachedTheDisk_areNotThere() throws IOException {
    appendAll();
    spool.close();
    Files.write(file(), Arrays.copyOf(Files.readAllBytes(file()), 31));
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void restoreCommit_ofWhatIsThere_isCommittedAndReadable() throws IOException {
    appendAll();
    spool.commit(claim, commit());
    spool.close();

    UploadSpool later = UploadSpool.open(file(), TERMS);
    assertThat(later.acknowledged()).isFalse();
    later.restoreCommit(commit());

    assertThat(later.acknowledged()).isTrue();
    assertThat(later.commit(later.claim(), commit())).isEqualTo(Result.REPEATED);
    assertThat(later.read(2)).isEqualTo(chunk(2));
    later.close();
  }

  @Test
  void restoreCommit_ofWhatWasAlteredSince_readsNothing() throws IOException {
    appendAll();
    spool.commit(claim, commit());
    spool.close();
    flip("spool", 39);

    UploadSpool later = UploadSpool.open(file(), TERMS);
    later.restoreCommit(commit());

    assertThatThrownBy(() -> later.read(0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not what it was");
    later.close();
  }

  @Test
  void keep_leavesTheUploadAlone() throws IOException {
    appendAll();
    spool.keep();
    assertThat(directory).isDirectoryContaining("glob:**spool");
    assertThat(directory.resolve(HASHES)).doesNotExist();
  }

  @Test
  void handOver_theWriterTriesAgainAndTheNextGoesOn() throws IOException {
    spool.append(claim, 0, chunk(0));
    spool.handOver();

    assertThat(spool.append(claim, 1, chunk(1))).isEqualTo(Result.SUPERSEDED);
    assertThat(stored()).isEqualTo(1);
  }

  private long stored() throws IOException {
    UploadSpool later = UploadSpool.open(file(), TERMS);
    try {
      return later.storedChunks();
    } finally {
      later.close();
    }
  }

  private void flip(String name, int position) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(name));
    bytes[position] ^= 1;
    Files.write(directory.resolve(name), bytes);
  }

  private Path file() {
    return directory.resolve("spool");
  }

  @Test
  void append_inOrder_storedAndReadBack() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(spool.append(claim, i, chunk(i))).isEqualTo(Result.STORED);
    }
    assertThat(spool.storedChunks()).isEqualTo(3);
    assertThat(spool.read(1)).isEqualTo(chunk(1));
    assertThat(Files.size(directory.resolve("spool"))).isEqualTo(40);
  }

  /** Which width is right the suite says, not the chunk: 8 bytes are four elements of two. */
  @Test
  void append_int16Elements_storedInHalfTheBytes() throws IOException {
    Path file = directory.resolve("narrow");
    UploadSpool narrow =
        UploadSpool.open(
            file, new UploadSpool.Terms(CONTEXT, SITE, new Chunking(10, 4, Short.BYTES)));
    long key = narrow.claim();

    assertThat(narrow.append(key, 0, chunk(0))).isEqualTo(Result.WRONG_LENGTH);
    assertThat(narrow.append(key, 0, new byte[8])).isEqualTo(Result.STORED);
    assertThat(narrow.append(key, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8})).isEqualTo(Result.STORED);
    assertThat(narrow.append(key, 2, new byte[8])).isEqualTo(Result.WRONG_LENGTH);
    assertThat(narrow.append(key, 2, new byte[] {9, 9, 9, 9})).isEqualTo(Result.STORED);
    assertThat(Files.size(file)).isEqualTo(20);
    assertThat(narrow.read(1)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(narrow.read(2)).containsExactly(9, 9, 9, 9);
    narrow.close();
  }

  @Test
  void append_whatIsNotTheNextChunk_refusedAndNothingChanges() throws IOException {
    spool.append(claim, 0, chunk(0));
    byte[] other = chunk(0);
    other[3]++;

    assertThat(spool.append(claim, 0, chunk(0))).isEqualTo(Result.REPEATED);
    assertThat(spool.append(claim, 0, other)).isEqualTo(Result.DIFFERENT_REPEAT);
    assertThat(spool.append(claim, 2, chunk(2))).isEqualTo(Result.OUT_OF_ORDER);
    assertThat(spool.append(claim, -1, chunk(0))).isEqualTo(Result.OUT_OF_ORDER);
    assertThat(spool.append(claim, 1, new byte[12])).isEqualTo(Result.WRONG_LENGTH);
    assertThat(spool.storedChunks()).isEqualTo(1);
    assertThat(spool.read(0)).isEqualTo(chunk(0));
  }

  @Test
  void laterStream_goesOnWhereTheEarlierOneStopped() throws IOException {
    spool.append(claim, 0, chunk(0));
    long later = spool.claim();

    assertThat(spool.append(claim, 1, chunk(1))).isEqualTo(Result.SUPERSEDED);
    assertThat(spool.commit(claim, commit())).isEqualTo(Result.SUPERSEDED);
    assertThat(spool.storedChunks()).isEqualTo(1);
    assertThat(spool.append(later, 1, chunk(1))).isEqualTo(Result.STORED);
    assertThat(spool.append(later, 2, chunk(2))).isEqualTo(Result.STORED);
    assertThat(spool.commit(later, commit())).isEqualTo(Result.STORED);
  }

  @Test
  void requireIntact_aByteChanged_refusedAndNeverReadAgain() throws IOException {
    appendAll();
    spool.commit(claim, commit());
    spool.requireIntact();

    try (FileChannel other = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      other.write(ByteBuffer.wrap(new byte[] {99}), 5);
    }

    assertThatThrownBy(spool::requireIntact).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> spool.read(0)).hasMessageContaining("is not what it was");
  }

  @Test
  void commit_wholeUpload_onDiskBeforeItIsAcknowledged() throws IOException {
    appendAll();
    assertThat(channel.forced).isZero();

    assertThat(spool.commit(claim, commit())).isEqualTo(Result.STORED);

    assertThat(channel.forced).isEqualTo(1);
    assertThat(spool.acknowledged()).as("before the round has taken it").isFalse();
    spool.acknowledge();
    assertThat(spool.acknowledged()).isTrue();
    assertThat(spool.commit(claim, commit())).isEqualTo(Result.REPEATED);
    assertThat(spool.commit(spool.claim(), commitOf(CONTEXT))).isEqualTo(Result.DIFFERENT_REPEAT);
  }

  @Test
  void commit_thatDoesNotDescribeWhatIsStored_refused() throws IOException {
    assertThat(spool.commit(claim, commit())).isEqualTo(Result.OUT_OF_ORDER);
    appendAll();
    assertThat(spool.commit(claim, commitOf(CONTEXT))).isEqualTo(Result.WRONG_ROOT);
    assertThat(spool.commit(claim, new UploadCommit(root(), 3, 11, 0, 0, Bytes.of(new byte[64]))))
        .isEqualTo(Result.WRONG_LENGTH);
    assertThat(spool.commit(claim, new UploadCommit(root(), 4, 10, 0, 0, Bytes.of(new byte[64]))))
        .isEqualTo(Result.WRONG_LENGTH);
  }

  @Test
  void storedChunks_askedAgainAndAgain_syncsOnlyWhatIsNew() throws IOException {
    assertThat(spool.storedChunks()).isZero();
    assertThat(channel.forced).isZero();
    spool.append(claim, 0, chunk(0));

    for (int i = 0; i < 5; i++) {
      assertThat(spool.storedChunks()).isEqualTo(1);
    }
    assertThat(channel.forced).isEqualTo(1);

    spool.append(claim, 1, chunk(1));
    assertThat(spool.storedChunks()).isEqualTo(2);
    assertThat(channel.forced).isEqualTo(2);
  }

  @Test
  void stop_takesNothingMore() throws IOException {
    spool.append(claim, 0, chunk(0));
    spool.stop();

    assertThat(spool.append(claim, 1, chunk(1))).isEqualTo(Result.LATE);
    assertThat(spool.commit(claim, commit())).isEqualTo(Result.LATE);
    assertThat(spool.read(0)).isEqualTo(chunk(0));
  }

  private void appendAll() throws IOException {
    for (int i = 0; i < 3; i++) {
      spool.append(claim, i, chunk(i));
    }
  }

  private static byte[] chunk(int index) {
    byte[] bytes = new byte[CHUNKING.sizeBytes(index)];
    Arrays.fill(bytes, (byte) (index + 1));
    return bytes;
  }

  private static Hash root() {
    ChunkTree tree = ChunkTree.ofUpload(CONTEXT, SITE);
    for (int i = 0; i < 3; i++) {
      tree.add(chunk(i));
    }
    return tree.root();
  }

  private static UploadCommit commit() {
    return commitOf(root());
  }

  private static UploadCommit commitOf(Hash root) {
    return new UploadCommit(root, 3, 10, 0, 0, Bytes.of(new byte[64]));
  }

  /** A file that counts how often it was synced. */
  private static final class CountingChannel extends UnusedChannel {
    private final FileChannel file;
    private int forced;

    CountingChannel(FileChannel file) {
      this.file = file;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      forced++;
      file.force(metaData);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      return file.write(source, position);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
