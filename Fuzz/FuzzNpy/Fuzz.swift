import FileFormats

/// The entry point that libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if var points = try? NpyPoints(reading: MemorySource(bytes)) {
    _ = try? points.readAll(limit: 1 << 20)
  }
  _ = try? LabelColumn.integers(reading: MemorySource(bytes), count: 3)
  return 0
}
