/// Points of the plane from a file, a few at a time, so that a file of any size needs little memory.
public protocol PointReader {
  /// At most `count` more points as x, y, x, y, …; none at the end. A number that is not finite is
  /// malformed.
  mutating func next(_ count: Int) throws(FileFailure) -> [Double]
}

extension PointReader {
  /// All points that are left as x, y, x, y, …; more than `limit` are malformed.
  public mutating func readAll(limit: Int) throws(FileFailure) -> [Double] {
    var values: [Double] = []
    while true {
      let more = try next(1 << 16)
      if more.isEmpty { return values }
      values += more
      if values.count > 2 * limit { throw .malformed("it holds more than \(limit) points") }
    }
  }
}
