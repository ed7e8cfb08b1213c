/// Points from a file, a few at a time, so that a file of any size needs little memory.
public protocol PointReader {
  /// The numbers of a point: 2 in the plane.
  var dimension: Int { get }

  /// At most `count` more points as x, y, x, y, …; none at the end. A number that is not finite, or
  /// beyond the reader's limit, is malformed.
  mutating func next(_ count: Int) throws(FileFailure) -> [Double]

  /// The line of a file of text that holds point `index`, counted from 0; nil of another file.
  func line(of index: Int) -> Int?

  /// How the file was read, where that is worth a word: “fields separated by tabs”.
  var note: String? { get }

  /// The rows and columns of a picture, where each point is one; nil where it is none.
  var pictureSize: (height: Int, width: Int)? { get }

  /// What the file calls the numbers of a point; nil where it does not say.
  var names: [String]? { get }
}

extension PointReader {
  public func line(of index: Int) -> Int? { nil }
  public var names: [String]? { nil }
  public var pictureSize: (height: Int, width: Int)? { nil }

  /// All points that are left as x, y, x, y, …; more than `limit` are malformed.
  public mutating func readAll(limit: Int) throws(FileFailure) -> [Double] {
    var values: [Double] = []
    while true {
      let more = try next(1 << 16)
      if more.isEmpty { return values }
      values += more
      if values.count > dimension * limit { throw .malformed("it holds more than \(limit) points") }
    }
  }
}

/// The largest magnitude that a coordinate may have, by what is done with it next.
public enum CoordinateLimit: Sendable {
  /// Every finite number.
  case none
  /// Squares of it are summed in single precision: 1e18.
  case single
  /// Squares of it are summed in double precision: 1e150.
  case double

  /// The magnitude.
  public var magnitude: Double {
    switch self {
    case .none: .greatestFiniteMagnitude
    case .single: 1e18
    case .double: 1e150
    }
  }

  /// What is wrong with a coordinate, said after it; nil where nothing is.
  public func complaint(about value: Double) -> String? {
    guard value.isFinite else { return "is not a finite number" }
    guard value.magnitude > magnitude else { return nil }
    switch self {
    case .none: return nil
    case .single:
      return "is beyond 1e18, whose square single precision can still sum: give a smaller unit, or "
        + "train with --standardise"
    case .double: return "is beyond 1e150, whose square can still be summed: give a smaller unit"
    }
  }
}
