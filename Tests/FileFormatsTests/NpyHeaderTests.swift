import FileFormats
import Testing

@Suite("The header of npy files")
struct NpyHeaderTests {
  /// A file of one number whose header is that long.
  private func file(headerLength: Int) -> [UInt8] {
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"
    let padding = String(repeating: " ", count: headerLength - text.utf8.count - 1) + "\n"
    let prefix = [UInt8(headerLength & 0xff), UInt8(headerLength >> 8)]
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + prefix + Array((text + padding).utf8)
      + [UInt8](repeating: 0, count: 8)
  }

  @Test("10 000 bytes are read, as NumPy does, and one more is refused")
  func longest() throws {
    let header = try NpyHeader(reading: MemorySource(file(headerLength: 10_000)))
    #expect(header.count == 1 && header.dataOffset == 10_010)
    let failure = #expect(throws: FileFailure.self) {
      try NpyHeader(reading: MemorySource(self.file(headerLength: 10_001)))
    }
    #expect(failure?.description.contains("10001 bytes is longer than 10 000") == true)
  }
}
