import FileFormats

/// The entry point that libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if var points = try? CsvPoints(reading: MemorySource(bytes)) {
    _ = try? points.readAll(limit: 1 << 20)
  }
  _ = try? CsvPoints(reading: MemorySource(bytes), columns: PointColumns(["x", "2"]))
  for column in [nil, "x", "2"] {
    _ = try? LabelColumn.read(column, of: MemorySource(bytes), count: 3)
  }
  _ = try? CsvColumns(reading: MemorySource(bytes))
  return 0
}
