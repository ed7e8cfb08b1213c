/// The event files that TensorBoard reads: TFRecords of `tensorflow.Event` messages.
///
/// A record is the length of its data as u64, that length's masked CRC-32C, the data and their masked
/// CRC-32C, little-endian. The messages are protocol buffers of a few fields (event.proto and
/// summary.proto of TensorBoard), written by hand: wall time, step, and either the file's version, the
/// start of a session or scalars by name.
public enum TensorBoardEvents {
  /// The record that begins a file, `wallTime` in seconds since 1970.
  public static func version(wallTime: Double) -> [UInt8] {
    record(event(wallTime, step: nil) + bytes(field: 3, Array("brain.Event:2".utf8)))
  }

  /// The record that says that training goes on from `step`: what an earlier file has from that step on
  /// no longer counts.
  public static func sessionStart(wallTime: Double, step: Int) -> [UInt8] {
    // SessionLog.status = START.
    record(event(wallTime, step: step) + bytes(field: 7, [0x08, 0x01]))
  }

  /// The record of the scalars of one step; a NaN or an infinity is kept as what it is.
  public static func scalars(
    _ values: [(tag: String, value: Double)], wallTime: Double, step: Int
  ) -> [UInt8] {
    let summary = values.flatMap { tag, value in
      // Summary.Value: the tag, and the value as a float.
      bytes(
        field: 1,
        bytes(field: 1, Array(tag.utf8)) + [0x15] + LittleEndian.bytes([Float(value).bitPattern]))
    }
    return record(event(wallTime, step: step) + bytes(field: 5, summary))
  }

  /// The name of a file that TensorBoard finds in a folder, of the second when it was begun.
  public static func fileName(wallTime: Double, host: String, process: Int32) -> String {
    let second = String(Int64(wallTime))
    let padding = String(repeating: "0", count: max(0, 10 - second.count))
    return "events.out.tfevents.\(padding)\(second).\(host).\(process).0"
  }

  /// The fields that every event has: wall time as a double, step as a varint.
  private static func event(_ wallTime: Double, step: Int?) -> [UInt8] {
    [0x09] + LittleEndian.bytes([wallTime.bitPattern])
      + (step.map { [0x10] + varint(UInt64(bitPattern: Int64($0))) } ?? [])
  }

  private static func record(_ data: [UInt8]) -> [UInt8] {
    let length = LittleEndian.bytes([UInt64(data.count)])
    return length + LittleEndian.bytes([RecordChecksum.masked(length)]) + data
      + LittleEndian.bytes([RecordChecksum.masked(data)])
  }

  /// A field whose value has a length: text or a message.
  private static func bytes(field: UInt8, _ value: [UInt8]) -> [UInt8] {
    [field << 3 | 2] + varint(UInt64(value.count)) + value
  }

  /// Seven bits a byte, the lowest first, the eighth set where more follow.
  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, result) = (value, [UInt8]())
    while rest >= 0x80 {
      result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }
}
