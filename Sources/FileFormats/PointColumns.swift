/// Which columns of a file are the numbers of a point.
public struct PointColumns: Sendable {
  /// How many numbers a point may have, by rising number; 2 in the plane.
  public var counts = [2]
  /// The columns, by number from 1 or by name; nil where there must be as many as a point has numbers.
  public var chosen: [String]?
  /// Names by which a header tells the numbers, each with its synonyms in small letters; empty where
  /// names tell nothing.
  public var known: [[String]] = []

  /// Two columns, or those that are chosen.
  public init(_ chosen: [String]? = nil) { self.chosen = chosen }

  /// The counts in words, “two” or “two or three”.
  var words: String {
    let names = [1: "one", 2: "two", 3: "three"]
    return counts.map { names[$0] ?? "\($0)" }.joined(separator: " or ")
  }

  /// The columns that a header's names tell, in the order of the numbers; nil where one is not there or
  /// there twice.
  func told(by names: [String]) -> [Int]? {
    guard !known.isEmpty else { return nil }
    var found: [Int] = []
    for synonyms in known {
      let places = names.indices.filter { synonyms.contains(names[$0].lowercased()) }
      guard places.count == 1 else { return nil }
      found.append(places[0])
    }
    return found
  }
}
