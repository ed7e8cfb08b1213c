import Testing

@testable import FileFormats

@Suite struct TensorBoardEventsTests {
  @Test("the checksum of nine digits and of zeros is that of RFC 3720")
  func checksum() {
    #expect(RecordChecksum.crc32c(Array("123456789".utf8)) == 0xe306_9283)
    #expect(RecordChecksum.crc32c([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(RecordChecksum.crc32c([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(RecordChecksum.crc32c([]) == 0)
  }

  @Test("a file begins as every event file does: 24 bytes of version and their length's checksum")
  func version() {
    let record = TensorBoardEvents.version(wallTime: 1.7e9)
    #expect(Array(record[..<12]) == [24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22])
    #expect(record.count == 12 + 24 + 4 && record[12] == 0x09 && record[21] == 0x1a)
    #expect(String(decoding: record[23..<36], as: UTF8.self) == "brain.Event:2")
  }

  @Test("a scalar is a tag and a float in a summary; a step of two bytes is a varint")
  func scalars() {
    let record = TensorBoardEvents.scalars([("loss", 1.5)], wallTime: 0, step: 300)
    let data = Array(record[12..<record.count - 4])
    #expect(
      data == [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0xac, 0x02, 0x2a, 13, 0x0a, 11, 0x0a, 4]
        + Array("loss".utf8) + [0x15, 0, 0, 0xc0, 0x3f])
    #expect(Int(record[0]) == data.count)
    #expect(Array(record.suffix(4)) == LittleEndian.bytes([RecordChecksum.masked(data)]))
  }

  @Test("the file's name is one that TensorBoard looks for, its second padded to ten digits")
  func name() {
    #expect(
      TensorBoardEvents.fileName(wallTime: 12.9, host: "lab", process: 7)
        == "events.out.tfevents.0000000012.lab.7.0")
  }
}
