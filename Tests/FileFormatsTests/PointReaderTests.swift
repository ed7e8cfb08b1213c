import FileFormats
import Testing

@Suite("Points in files")
struct PointReaderTests {
  private func csv(_ text: String, _ columns: (String, String)? = nil) throws -> [Double] {
    let chosen = PointColumns(columns.map { [$0.0, $0.1] })
    var reader = try CsvPoints(reading: MemorySource(Array(text.utf8)), columns: chosen)
    return try reader.readAll(limit: 1000)
  }

  @Test("Columns are chosen by name or by number, in the order in which they are asked for")
  func columns() throws {
    let text = "id,x,note,y\n1,2,a,3\n4,5,b,6\n"
    #expect(try csv(text, ("x", "y")) == [2, 3, 5, 6])
    #expect(try csv(text, ("4", "2")) == [3, 2, 6, 5])
    #expect(try csv("7,8,9\n", ("3", "1")) == [9, 7])
    #expect(throws: FileFailure.self) { try csv(text, ("x", "z")) }
    #expect(throws: FileFailure.self) { try csv(text, ("x", "5")) }
  }

  @Test("A mistake is told by line and column, characters that act on a terminal escaped")
  func message() {
    let failure = #expect(throws: FileFailure.self) { try csv("x,y\n1,2\n3,\u{202e}\u{e9}4\n") }
    #expect(failure?.description == "line 3, column 2: “\\xe2\\x80\\xae\\xc3\\xa94” is no number")
  }

  @Test("Numbers round trip: what Swift prints is read back to the bit")
  func roundTrip() throws {
    let values = [0.1, -1 / 3.0, 1e300, Double.leastNonzeroMagnitude, 123456789.0, -0.0]
    let text = stride(from: 0, to: values.count, by: 2).map { "\(values[$0]),\(values[$0 + 1])\n" }
    #expect(try csv(text.joined()).map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("Points come in pieces of the size that is asked for, whatever the pieces of the file")
  func pieces() throws {
    let text = (0..<100).map { "\($0),\(-$0)\n" }.joined()
    var reader = try CsvPoints(reading: TrickleSource(Array(text.utf8)))
    var sizes: [Int] = []
    while case let piece = try reader.next(30), !piece.isEmpty { sizes.append(piece.count / 2) }
    #expect(sizes == [30, 30, 30, 10])
  }

  @Test("More points than the limit are refused")
  func limit() throws {
    var reader = try CsvPoints(reading: MemorySource(Array("1,2\n3,4\n5,6\n".utf8)))
    #expect(throws: FileFailure.self) { try reader.readAll(limit: 2) }
  }

  @Test(
    "An npy file that is written is read back, and its header has the same length for any count")
  func npy() throws {
    let bytes = NpyHeader.encode(rows: 3, columns: 2) + NpyHeader.data([1, 2, 3, 4, 5, 0.1])
    var reader = try NpyPoints(reading: MemorySource(bytes))
    #expect(reader.count == 3)
    #expect(try reader.next(2) == [1, 2, 3, 4])
    #expect(try reader.next(2) == [5, 0.1])
    #expect(try reader.next(2).isEmpty)
    #expect(
      NpyHeader.encode(rows: .max, columns: 2).count
        == NpyHeader.encode(rows: 0, columns: nil).count)
    #expect(NpyHeader.encode(rows: 1, columns: 2).count % 64 == 0)
  }

  @Test("An array of another shape is refused with its shape")
  func shape() {
    let bytes =
      NpyHeader.encode(rows: 4, columns: 3) + NpyHeader.data([Double](repeating: 0, count: 12))
    let failure = #expect(throws: FileFailure.self) { try NpyPoints(reading: MemorySource(bytes)) }
    #expect(failure?.description == "its shape is (4, 3): points need (n, 2)")
  }
}

/// A source that gives a byte at a time.
private final class TrickleSource: ByteSource {
  private var bytes: ArraySlice<UInt8>
  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
  var length: Int? { nil }
  func read(_ count: Int) -> [UInt8] {
    defer { bytes = bytes.dropFirst() }
    return Array(bytes.prefix(1))
  }
}
