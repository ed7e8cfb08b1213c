/// The error for a name that a catalogue does not hold; its description says what to type instead.
///
/// Used by every family that is looked up by name: data sets, solvers, schedulers.
public struct UnknownName: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was looked up, in words: "data set", "solver".
  public let kind: String
  /// The name as it was given, with control and bidirectional characters escaped and at most 60
  /// characters kept, so that it can be printed on any terminal.
  public let name: String
  /// All names that exist, in the catalogue's order.
  public let names: [String]
  /// The existing name that differs by the fewest edits, where it is close enough to be meant.
  public let nearest: String?

  /// The error for `name`, looked up as a `kind` among `names`.
  public init(kind: String, name: String, among names: [String]) {
    self.kind = kind
    self.name = UnknownName.printable(name)
    self.names = names
    let given = Array(name.lowercased().unicodeScalars.prefix(100))
    let ranked = names.enumerated().map { index, candidate in
      (distance: UnknownName.edits(given, Array(candidate.unicodeScalars)), index: index)
    }
    let best = ranked.min { ($0.distance, $0.index) < ($1.distance, $1.index) }
    nearest = best.flatMap { best in
      let allowed = max(2, names[best.index].unicodeScalars.count / 3)
      return best.distance <= allowed && best.distance < given.count ? names[best.index] : nil
    }
  }

  public var description: String {
    let hint = nearest.map { "did you mean \($0)? " } ?? ""
    return "unknown \(kind) “\(name)”; \(hint)one of: \(names.joined(separator: ", "))"
  }

  /// The number of insertions, deletions, substitutions and swaps of neighbours between two names
  /// (optimal string alignment).
  static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }

  private static func printable(_ name: String) -> String {
    var text = ""
    for (index, scalar) in name.unicodeScalars.enumerated() {
      if index == 60 { return text + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
