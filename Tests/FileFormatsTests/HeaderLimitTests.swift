import FileFormats
import Testing

@Suite("Limits come first")
struct HeaderLimitTests {
  /// A source that counts what was taken of it.
  private final class CountingSource: ByteSource {
    private let base: MemorySource
    private(set) var taken = 0
    init(_ bytes: [UInt8]) { base = MemorySource(bytes) }
    var length: Int? { base.length }
    func read(_ count: Int) throws(FileFailure) -> [UInt8] {
      let bytes = try base.read(count)
      taken += bytes.count
      return bytes
    }
  }

  private func file(tensors: Int) -> [UInt8] {
    Safetensors.encode(
      (0..<tensors).map {
        Safetensors.Tensor("net.\($0).weight", shape: [4], floats: [1, 2, 3, 4])
      },
      metadata: [:])
  }

  @Test("Of a header that is too long its length is read and nothing else")
  func length() {
    let source = CountingSource(file(tensors: 100))
    let failure = #expect(throws: FileFailure.self) {
      try Safetensors(reading: source, headerLimit: 1000)
    }
    #expect(failure?.description.contains("longer than 1000") == true)
    #expect(source.taken == 8)
  }

  @Test("Of a file whose header is refused no data are read")
  func data() throws {
    let bytes = file(tensors: 10)
    let header = try SafetensorsHeader(reading: MemorySource(bytes))
    let source = CountingSource(bytes)
    #expect(throws: FileFailure.noInput("no")) {
      try Safetensors(reading: source) { _ throws(FileFailure) in throw .noInput("no") }
    }
    #expect(source.taken == header.dataOffset)
  }

  @Test("Every tensor of a long header is found by its name, and none that is not there")
  func names() throws {
    let header = try SafetensorsHeader(reading: MemorySource(file(tensors: 2000)))
    for k in 0..<2000 { #expect(header["net.\(k).weight"]?.name == "net.\(k).weight") }
    #expect(header["net.2000.weight"] == nil)
  }

  @Test("Names with escapes, of which some are more than a handful, occur once each")
  func duplicates() {
    func verdict(_ names: [String]) -> Bool {
      let body = names.map { "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
      let json = Array("{\(body.joined(separator: ","))}".utf8)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
      return (try? SafetensorsHeader(reading: MemorySource(length + json))) != nil
    }
    let many = (0..<20).map { "t\($0)" }
    #expect(verdict(many))
    for twin in ["t0", "t19", "\\u0074" + "7", "t\\u00317"] { #expect(!verdict(many + [twin])) }
    // The same to look at, not by bytes.
    #expect(verdict(["\u{e9}", "e\u{301}"]))
  }
}
