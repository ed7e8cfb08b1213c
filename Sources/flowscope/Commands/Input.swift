import FileFormats
import FlowMatching

/// Where data come from: a file, or standard input for `-`.
enum Input {
  static func source(_ path: String) throws(FileFailure) -> POSIXFile {
    path == "-" ? .standardInput : try POSIXFile(reading: path)
  }

  /// Points of a npy or CSV file; which of the two, its first bytes tell.
  static func points(
    _ path: String, columns: (String, String)?
  ) throws(FileFailure) -> any PointReader {
    let source = PeekedSource(try source(path))
    if try source.peek(6).starts(with: [0x93] + Array("NUMPY".utf8)) {
      if columns != nil { throw .malformed("--columns chooses among those of a CSV file") }
      return try NpyPoints(reading: source)
    }
    return try CsvPoints(reading: source, columns: columns)
  }

  /// A checkpoint or a foreign network.
  static func checkpoint(
    _ path: String, activation: Activation?
  ) throws(FileFailure) -> Checkpoint {
    try Checkpoint(Safetensors(reading: source(path)), activation: activation)
  }

  /// A checkpoint of either kind.
  static func model(
    _ path: String, activation: Activation?
  ) throws(FileFailure) -> StoredModel {
    try StoredModel(Safetensors(reading: source(path)), activation: activation)
  }
}

/// A source whose first bytes can be looked at before they are read.
final class PeekedSource: ByteSource {
  private let base: POSIXFile
  private var first: [UInt8] = []

  init(_ base: POSIXFile) { self.base = base }

  var length: Int? { base.length }

  /// The first bytes, fewer where there are no more; they are read again afterwards.
  func peek(_ count: Int) throws(FileFailure) -> [UInt8] {
    first = try base.read(count)
    return first
  }

  func read(_ count: Int) throws(FileFailure) -> [UInt8] {
    guard !first.isEmpty else { return try base.read(count) }
    let taken = Array(first.prefix(count))
    first.removeFirst(taken.count)
    return taken.count == count ? taken : taken + (try base.read(count - taken.count))
  }
}
