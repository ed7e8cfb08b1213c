import FileFormats
import FlowMatching

/// Where data come from: a file, or standard input for `-`.
enum Input {
  /// How the bytes of a path are come by.
  typealias Opening = (_ path: String) throws(FileFailure) -> any ByteSource

  static func source(_ path: String) throws(FileFailure) -> any ByteSource {
    path == "-" ? POSIXFile.standardInput : try POSIXFile(reading: path)
  }

  /// Points of a npy or CSV file; which of the two, its first bytes tell. A number beyond `limit` is
  /// refused where it stands.
  static func points(
    _ path: String, columns: PointColumns, limit: CoordinateLimit, opening: Opening = source
  ) throws(FileFailure) -> any PointReader {
    let source = PeekedSource(try opening(path))
    let kind = FileKind(try source.peek(FileKind.byteCount))
    if let advice = kind?.adviceForPoints { throw .malformed(advice) }
    guard case .npy = kind else {
      return try CsvPoints(reading: source, columns: columns, limit: limit)
    }
    return try NpyPoints(reading: source, columns: columns, limit: limit)
  }
}

extension Input {
  /// The most points that are learned from.
  static let limit = 1 << 22

  /// What a data set of the points of a file is called.
  static func name(of path: String) -> String {
    let name = path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init)
    return Output.visible(name ?? path)
  }
}

/// How much of a file of points has been read.
final class ReadShare {
  /// From 0 to 1; nil where the length of the file is not known.
  private(set) var share: Double?
  private var progress: WorkProgress?

  /// Nothing has been read yet; `progress` is told of every piece.
  init(_ progress: WorkProgress? = nil) { self.progress = progress }

  /// Nothing more is read.
  func finish() { progress?.finish() }

  /// Opens a file so that its reading is watched.
  func open(_ path: String) throws(FileFailure) -> any ByteSource {
    let source = try Input.source(path)
    guard let length = source.length else { return source }
    share = 0
    return WatchedSource(source) { [self] count in
      share = min(1, Double(count) / Double(length))
      progress?.update(share)
      return true
    }
  }
}

/// A source whose first bytes can be looked at before they are read.
final class PeekedSource: ByteSource {
  private let base: any ByteSource
  private var first: [UInt8] = []

  init(_ base: any ByteSource) { self.base = base }

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
