import FileFormats
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  private let tensors = [
    Safetensors.Tensor("b", shape: [2], floats: [1.5, -.infinity]),
    Safetensors.Tensor("a", shape: [2, 1], floats: [Float(bitPattern: 0x7fc0_0001), -0.0]),
    Safetensors.Tensor("state", shape: [1], integers: [.max]),
    Safetensors.Tensor("loss", shape: [], doubles: [0.1]),
    Safetensors.Tensor("none", shape: [0, 3], floats: []),
  ]

  @Test("What is written is read back to the bit, texts with any character too")
  func roundTrip() throws {
    let metadata = ["note": "ü\u{1}\"\\\n😀", "": "x"]
    let bytes = Safetensors.encode(tensors, metadata: metadata)
    let file = try Safetensors(reading: MemorySource(bytes))
    #expect(file.header.metadata == metadata)
    #expect(try file.floats("a").map(\.bitPattern) == [0x7fc0_0001, 0x8000_0000])
    #expect(try file.floats("b") == [1.5, -.infinity])
    #expect(try file.integers("state") == [.max])
    #expect(try file.doubles("loss") == [0.1])
    #expect(try file.floats("none").isEmpty)
    #expect(file.header["loss"]?.shape == [])
  }

  @Test(
    "Wide types come first, then names; the data begin at a multiple of 8; equal content, equal bytes"
  )
  func layout() throws {
    let bytes = Safetensors.encode(tensors, metadata: [:])
    let header = try SafetensorsHeader(reading: MemorySource(bytes))
    #expect(header.entries.map(\.name) == ["loss", "state", "a", "b", "none"])
    #expect(header.dataOffset % 8 == 0)
    #expect(bytes == Safetensors.encode(tensors.reversed(), metadata: [:]))
  }

  @Test("Halves become the floats that they stand for")
  func halves() throws {
    // F16: 1, -2, the largest, the least denormal, infinity; BF16 is the upper half of a float.
    let words: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00]
    let expected: [Float] = [1, -2, 65504, 0x1p-24, .infinity]
    #expect(try read("F16", words) == expected)
    #expect(try read("BF16", [0x3f80, 0xc000, 0x7f80]) == [1, -2, .infinity])
  }

  private func read(_ type: String, _ words: [UInt16]) throws -> [Float] {
    let json =
      #"{"x":{"dtype":"\#(type)","shape":[\#(words.count)],"data_offsets":[0,\#(2 * words.count)]}}"#
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes[0] = UInt8(json.utf8.count)
    bytes += Array(json.utf8) + words.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    return try Safetensors(reading: MemorySource(bytes)).floats("x")
  }

  @Test("A header that announces 100 MB costs no more memory than the bytes that come")
  func announcedHeader() {
    let length: [UInt8] = [0x00, 0xe1, 0xf5, 0x05, 0, 0, 0, 0]
    #expect(throws: FileFailure.self) {
      _ = try SafetensorsHeader(
        reading: MemorySource(length + Array("{}".utf8), tellsLength: false))
    }
  }
}
