import FileFormats

/// The entry point that libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let file = try? Safetensors(reading: MemorySource(bytes)) {
    for entry in file.header.entries.prefix(100) {
      _ = try? file.floats(entry.name)
      _ = try? file.doubles(entry.name)
      _ = try? file.integers(entry.name)
    }
  }
  return 0
}
