/// Which columns of a file are the numbers of a point.
public struct PointColumns: Sendable {
  /// The most coordinates that a point may have.
  public static let most = 64

  /// How many numbers a point may have, by rising number; 2 in the plane.
  public var counts = [2]
  /// How many it may have where columns are chosen; nil where those are `counts`.
  public var chosenCounts: ClosedRange<Int>?
  /// Whether every column is a number of a point, as many as `chosenCounts` allows.
  public var takesAll = false
  /// The columns, by number from 1 or by name; nil where there must be as many as a point has numbers.
  public var chosen: [String]?
  /// Names by which a header tells the numbers, each with its synonyms in small letters; empty where
  /// names tell nothing.
  public var known: [[String]] = []

  /// The most pixels that pictures of an npy array n×h×w may have, which then are a point's numbers; 0 where
  /// pictures are not wanted.
  public var mostPixels = 0

  /// Two columns, or those that are chosen.
  public init(_ chosen: [String]? = nil) { self.chosen = chosen }

  /// The counts in words, “two” or “two or three”.
  var words: String {
    let names = [1: "one", 2: "two", 3: "three"]
    return counts.map { names[$0] ?? "\($0)" }.joined(separator: " or ")
  }

  /// How many numbers a point may have where all columns are taken.
  var range: ClosedRange<Int> { chosenCounts ?? 1...PointColumns.most }

  /// Whether points of so many numbers are read where all columns are.
  func allows(all count: Int) -> Bool {
    takesAll ? range.contains(count) : counts.contains(count)
  }

  /// Why points are not read from so many columns, said after “it has N columns”.
  func complaint(about width: Int) -> String {
    if takesAll {
      if width < range.lowerBound { return "points here have \(range.lowerBound) coordinates" }
      return range.lowerBound == range.upperBound
        ? "points here have \(range.lowerBound) coordinates: choose those with --columns"
        : "points have at most \(range.upperBound) coordinates: choose some with --columns A,B,…"
    }
    if width < counts.first ?? 0 { return "points here have \(words) coordinates" }
    let more =
      (chosenCounts.map { $0.upperBound > counts.last ?? 0 } ?? false)
      ? ", or more of them, or --columns all" : ""
    return "choose \(words) with --columns" + more
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
