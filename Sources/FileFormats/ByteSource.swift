/// Bytes that are read from front to back, in pieces.
///
/// Readers take what they need and hold no more: how far they may go is told by `length` where it is
/// known, and elsewhere memory grows only with what has really come.
public protocol ByteSource: AnyObject {
  /// The number of bytes in all; nil for a pipe and the like.
  var length: Int? { get }

  /// The next `count` bytes; fewer only at the end.
  func read(_ count: Int) throws(FileFailure) -> [UInt8]
}

extension ByteSource {
  /// Everything that is left; more than `limit` bytes are malformed.
  public func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    if let length, length > limit { throw .malformed("it is larger than \(limit) bytes") }
    var result: [UInt8] = []
    while true {
      let piece = try read(min(pieceSize, limit + 1 - result.count))
      if piece.isEmpty { return result }
      if result.isEmpty { result = piece } else { result += piece }
      if result.count > limit { throw .malformed("it is larger than \(limit) bytes") }
    }
  }

  /// Exactly `count` bytes, of which memory holds no more than have come and one piece.
  func readExactly(_ count: Int, of what: String) throws(FileFailure) -> [UInt8] {
    var result: [UInt8] = []
    // What is surely there need not be copied as it grows.
    if let length, length >= count { result.reserveCapacity(count) }
    while result.count < count {
      let piece = try read(min(pieceSize, count - result.count))
      if piece.isEmpty { throw .truncated(what) }
      if piece.count == count { return piece }
      result += piece
    }
    return result
  }

  /// Fails where anything is left.
  func requireEnd(after what: String) throws(FileFailure) {
    if try !read(1).isEmpty { throw .malformed("bytes follow \(what)") }
  }
}

/// The bytes that are read at a time: 1 MiB.
let pieceSize = 1 << 20

/// A source that tells somebody how far it has come, and stops when that one has had enough.
public final class WatchedSource: ByteSource {
  private let base: any ByteSource
  private let note: (Int) -> Bool
  private var count = 0

  /// A source of the same bytes; after every piece `note` hears how many have come, and says whether
  /// more are wanted.
  public init(_ base: any ByteSource, note: @escaping (Int) -> Bool) {
    self.base = base
    self.note = note
  }

  public var length: Int? { base.length }

  public func read(_ count: Int) throws(FileFailure) -> [UInt8] {
    let bytes = try base.read(count)
    self.count += bytes.count
    guard note(self.count) else { throw .inputOutput("it was given up") }
    return bytes
  }
}

/// Bytes in memory as a source, for tests and for what was received otherwise.
public final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0
  private let tellsLength: Bool

  /// A source of the given bytes; one that does not tell its length behaves as a pipe.
  public init(_ bytes: [UInt8], tellsLength: Bool = true) {
    self.bytes = bytes
    self.tellsLength = tellsLength
  }

  public var length: Int? { tellsLength ? bytes.count : nil }

  public func read(_ count: Int) throws(FileFailure) -> [UInt8] {
    let end = min(bytes.count, position + max(0, count))
    defer { position = end }
    return Array(bytes[position..<end])
  }
}
