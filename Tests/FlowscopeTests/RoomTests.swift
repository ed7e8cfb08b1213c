import Foundation
import Testing

@Suite("The rooms of the mathematics")
struct RoomTests {
  /// Which folders of `FlowMatching` a folder's files may use types of; each comes after those.
  static let rooms: [(room: String, uses: Set<String>)] = [
    ("Core", []),
    ("Spaces", ["Core"]),
    ("Paths", ["Core", "Spaces"]),
    ("Distributions", ["Core", "Spaces"]),
    ("Fields", ["Core", "Distributions", "Paths", "Spaces"]),
    ("Solvers", ["Core", "Fields", "Spaces"]),
    ("Tokens", ["Core", "Distributions", "Fields", "Paths", "Solvers"]),
    ("Datasets", ["Core", "Distributions", "Fields", "Paths", "Spaces", "Tokens"]),
    ("Diffusion", ["Core", "Fields", "Paths", "Solvers", "Spaces"]),
    ("Likelihood", ["Core", "Distributions", "Fields", "Solvers", "Spaces"]),
    (
      "Transport",
      [
        "Core", "Diffusion", "Distributions", "Fields", "Likelihood", "Paths", "Solvers", "Spaces",
        "Tokens",
      ]
    ),
    ("Couplings", ["Core", "Datasets", "Distributions", "Fields", "Paths", "Solvers", "Spaces"]),
    ("Floors", ["Core", "Datasets", "Distributions", "Fields", "Paths", "Spaces"]),
    (
      "Metrics",
      [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Likelihood", "Paths",
        "Solvers", "Spaces", "Transport",
      ]
    ),
    (
      "Theory",
      [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Floors", "Likelihood",
        "Metrics", "Paths", "Solvers", "Spaces", "Tokens", "Transport",
      ]
    ),
    ("Jumps", ["Core", "Datasets", "Distributions", "Fields", "Solvers", "Theory", "Tokens"]),
    (
      "Experiments",
      [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Likelihood", "Paths",
        "Solvers", "Spaces", "Tokens",
      ]
    ),
    (
      "Kinds",
      [
        "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors",
        "Likelihood", "Paths", "Solvers", "Spaces", "Tokens", "Transport",
      ]
    ),
    ("Kinds/Matching", kind), ("Kinds/ContinuousFlow", kind), ("Kinds/AffineLayers", kind),
    ("Kinds/Geodesic", kind), ("Kinds/Tokens", kind),
    (
      "Doctor",
      ["Core", "Datasets", "Distributions", "Experiments", "Fields", "Kinds", "Paths", "Spaces"]
    ),
    (
      "Training",
      [
        "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors",
        "Kinds", "Kinds/AffineLayers", "Kinds/ContinuousFlow", "Kinds/Geodesic", "Kinds/Matching",
        "Kinds/Tokens", "Metrics", "Paths", "Solvers", "Spaces", "Tokens", "Transport",
      ]
    ),
  ]

  /// What a kind of flow may use: no other kind.
  private static let kind: Set<String> = [
    "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors", "Kinds",
    "Likelihood", "Paths", "Solvers", "Spaces", "Tokens", "Transport",
  ]

  /// A file's code without comments and texts, and its folder.
  private struct Part {
    let path, room: String
    let code: String
  }

  private static func parts() throws -> [Part] {
    let root = "Sources/FlowMatching/"
    let text = try Regex(##""""[\s\S]*?"""|"(\\.|[^"\\])*""##)
    return try SourceTree.files(in: "Sources/FlowMatching").map { file in
      let room = file.path.dropFirst(root.count).split(separator: "/").dropLast()
      return Part(
        path: file.path, room: room.joined(separator: "/"),
        code: file.code.joined(separator: "\n").replacing(text, with: "\"\""))
    }
  }

  /// The types that files declare for others to use, with the folder of each.
  private static func declarations(in parts: [Part]) throws -> [String: String] {
    let pattern = try Regex(
      #"(?m)^(@\S+ )?((public|package|internal|indirect) )*(struct|enum|protocol|class|typealias) "#
        + #"(?<name>\w+)"#)
    var rooms: [String: String] = [:]
    for part in parts {
      for match in part.code.matches(of: pattern) {
        if let name = match["name"]?.substring { rooms[String(name)] = part.room }
      }
    }
    return rooms
  }

  /// The names of types in a text, without those behind a point.
  private static func names(in code: String) throws -> Set<String> {
    let pattern = try Regex(#"(^|[^.\w])(?<name>[A-Z]\w*)"#)
    return Set(code.matches(of: pattern).compactMap { $0["name"]?.substring.map(String.init) })
  }

  @Test("A folder uses only the folders that stand before it in the table")
  func arrows() throws {
    var before: Set<String> = []
    for (room, uses) in Self.rooms {
      #expect(uses.isSubset(of: before), "\(room) uses what comes after it")
      before.insert(room)
    }
    let parts = try Self.parts()
    #expect(Set(parts.map(\.room)) == before, "every folder has a row, every row a folder")
    let declared = try Self.declarations(in: parts)
    #expect(declared["Batch"] == "Core" && declared["Trainer"] == "Training")
    #expect(declared.count > 150)
    let allowed = Dictionary(uniqueKeysWithValues: Self.rooms)
    var seen: [String: Set<String>] = [:]
    for part in parts {
      for name in try Self.names(in: part.code) {
        guard let other = declared[name], other != part.room else { continue }
        seen[part.room, default: []].insert(other)
        let isAllowed = allowed[part.room]?.contains(other) == true
        #expect(isAllowed, "\(part.path) uses \(name) of \(other)")
      }
    }
    #expect(seen["Training"]?.contains("Kinds/Matching") == true, "the scan finds nothing")
  }

  @Test("Which kind a flow is of is asked in the kinds' own folders and by experiments alone")
  func kindsApart() throws {
    let pattern = try Regex(
      #"\b(model|objective)\s*[!=]=\s*\.|case \.affineLayers"#
        + #"|as\? (any )?(LearnedField|ClosedFormFlow|AffineLayersField|RescheduledField)"#
    ).wordBoundaryKind(.simple)
    for example in ["if a.model == .velocity", "x as? LearnedField", "objective != .likelihood"] {
      #expect(example.contains(pattern), "the pattern misses \(example)")
    }
    for part in try Self.parts() + Self.viewer()
    where !part.room.hasPrefix("Kinds/") && part.room != "Experiments" {
      for line in part.code.split(separator: "\n") where line.contains(pattern) {
        Issue.record("\(part.path): \(line)")
      }
    }
  }

  private static func viewer() throws -> [Part] {
    try SourceTree.files(in: "Sources/FlowViewer").map {
      Part(path: $0.path, room: "FlowViewer", code: $0.code.joined(separator: "\n"))
    }
  }
}
