/// What a safetensors file says about itself: names, types, shapes and places of its tensors.
///
/// The file begins with the header's length N as a little-endian 64-bit integer; N bytes of JSON and
/// the data follow. Checked here: the JSON is strict, no name occurs twice, sizes fit shapes without
/// overflow, and the tensors fill the data without a hole, an overlap or a byte left over.
public struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let type: TensorType
    /// The extents, slowest first; empty for a scalar.
    public let shape: [Int]
    /// Where its bytes lie within the data.
    public let range: Range<Int>
  }

  /// The longest header, in bytes, that anybody reads.
  public static let lengthLimit = 100_000_000
  /// The most dimensions of a tensor.
  static let dimensionLimit = 64

  /// The tensors, in the order of their data.
  public let entries: [Entry]
  /// The free texts of `__metadata__`; empty where there are none.
  public let metadata: [String: String]
  /// The bytes before the data.
  public let dataOffset: Int
  /// The entries in the order of their names; of names that look the same the first comes first.
  private let order: [Int32]

  /// The number of bytes of data.
  public var dataCount: Int { entries.last?.range.upperBound ?? 0 }

  /// The tensor of that name, or nil.
  public subscript(name: String) -> Entry? {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[Int(order[middle])].name < name { low = middle + 1 } else { high = middle }
    }
    guard low < order.count, entries[Int(order[low])].name == name else { return nil }
    return entries[Int(order[low])]
  }

  /// Reads and checks the header; the source then stands at the data. Its length, where it is known,
  /// must be what header and data take. A header longer than `limit` is refused before it is read. `check`
  /// hears the metadata where they stand: what it throws is thrown before the tensors that follow are read.
  public init(
    reading source: some ByteSource, limit: Int = lengthLimit,
    _ check: ([String: String]) throws(FileFailure) -> Void = { _ in }
  ) throws(FileFailure) {
    let prefix = try source.readExactly(8, of: "the header's length")
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafetensorsHeader.lengthLimit else {
      throw .malformed("its header would be \(length) bytes long: no safetensors file")
    }
    guard length <= limit else {
      throw .malformed(
        "its header of \(length) bytes is longer than \(limit), which are plenty for any network "
          + "that is read")
    }
    if let whole = source.length, whole - 8 < Int(length) { throw .truncated("the header") }
    let json = try source.readExactly(Int(length), of: "the header")
    try self.init(json: json, check)
    if let whole = source.length, whole - dataOffset != dataCount {
      throw .malformed("it holds \(whole - dataOffset) bytes of data, its header says \(dataCount)")
    }
  }

  /// Checks the header's JSON.
  init(
    json: [UInt8], _ check: ([String: String]) throws(FileFailure) -> Void = { _ in }
  ) throws(FileFailure) {
    var reader = StrictJSON(json, json.indices)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try reader.object { (reader, name) throws(FileFailure) in
      if name == "__metadata__" {
        if reader.takeNull() { return }
        try reader.object { (reader, key) throws(FileFailure) in
          metadata[key] = try reader.string()
        }
        try check(metadata)
      } else {
        entries.append(try SafetensorsHeader.entry(name, &reader, after: entries.last))
      }
    }
    try reader.requireEnd()
    // Empty tensors lie before the one that begins where they do.
    func before(_ a: Entry, _ b: Entry) -> Bool {
      (a.range.lowerBound, a.range.upperBound, a.name)
        < (b.range.lowerBound, b.range.upperBound, b.name)
    }
    // Most files are in order, which is seen far sooner than made.
    if !zip(entries, entries.dropFirst()).allSatisfy({ before($0, $1) }) {
      entries.sort(by: before)
    }
    var place = 0
    for entry in entries {
      guard entry.range.lowerBound == place else {
        let what = entry.range.lowerBound < place ? "overlaps another" : "leaves a hole before it"
        throw .malformed("the tensor \(FileFailure.shown(Array(entry.name.utf8))) \(what)")
      }
      place = entry.range.upperBound
    }
    self.entries = entries
    // A header of at most 100 MB has fewer than 2³¹ of them.
    let byPlace = 0..<Int32(entries.count)
    let areNamesInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.name <= $1.name }
    order =
      areNamesInOrder
      ? Array(byPlace)
      : byPlace.sorted { a, b in
        let (first, second) = (entries[Int(a)].name, entries[Int(b)].name)
        return first < second || first == second && a < b
      }
    self.metadata = metadata
    dataOffset = 8 + json.count
  }

  private static func entry(
    _ name: String, _ reader: inout StrictJSON, after last: Entry?
  ) throws(FileFailure) -> Entry {
    var type: TensorType?
    var shape: [Int]?
    var offsets: [Int]?
    // Only in a failure: there may be a million of them.
    var shown: String { FileFailure.shown(Array(name.utf8)) }
    try reader.object { (reader, key) throws(FileFailure) in
      switch key {
      case "dtype":
        let word = try reader.string()
        guard let known = TensorType(rawValue: word) else {
          throw .malformed(
            "the tensor \(shown) has an unknown type, \(FileFailure.shown(Array(word.utf8)))")
        }
        type = known
      case "shape":
        shape = try integers(&reader, atMost: dimensionLimit)
      case "data_offsets":
        offsets = try integers(&reader, atMost: 2)
      default:
        try reader.skipValue(depth: 2)
      }
    }
    guard let type, let shape, let offsets else {
      throw .malformed("the tensor \(shown) lacks dtype, shape or data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .malformed("the tensor \(shown) has no proper data_offsets")
    }
    guard let count = type.byteCount(of: shape) else {
      throw .malformed("the tensor \(shown) has an impossible size")
    }
    guard offsets[1] - offsets[0] == count else {
      throw .malformed("the tensor \(shown) needs \(count) bytes, not \(offsets[1] - offsets[0])")
    }
    // Neighbours mostly have one shape, which then is kept once.
    return Entry(
      name: name, type: type, shape: last.flatMap { $0.shape == shape ? $0.shape : nil } ?? shape,
      range: offsets[0]..<offsets[1])
  }

  private static func integers(
    _ reader: inout StrictJSON, atMost limit: Int
  ) throws(FileFailure) -> [Int] {
    var result: [Int] = []
    try reader.array { reader throws(FileFailure) in
      guard result.count < limit else { throw reader.failure("more than \(limit) numbers") }
      result.append(try reader.unsignedInteger())
    }
    return result
  }
}
