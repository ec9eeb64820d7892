package org.hanse.wire.value;

/**
 * A run of a model's or a sum's bytes.
 *
 * @param offsetBytes of the first byte, from 0
 * @param data 1 byte to 1 MiB; owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // a megabyte at a time: compared by nobody, copied once
public record DataPiece(long offsetBytes, byte[] data) {}
