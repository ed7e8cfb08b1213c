import Foundation
import Testing

/// Which folders of a target may use which others; "" are the files right in its directory.
struct FolderArrows: Sendable, CustomTestStringConvertible {
  let target: String
  let arrows: [String: Set<String>]
  /// Folders that know each other, so that no arrow between them has a direction.
  var circle: Set<String> = []

  var testDescription: String { target }

  static let all = [flowMatching, flowViewer, flowscope]

  /// The mathematics, from the ground up.
  static let flowMatching = FolderArrows(
    target: "FlowMatching",
    arrows: [
      "Core": [],
      "Spaces": ["Core"],
      "Paths": ["Core", "Spaces"],
      "Distributions": ["Core", "Spaces"],
      "Fields": ["Core", "Distributions", "Paths", "Spaces"],
      "Solvers": ["Core", "Fields", "Spaces"],
      "Maps": ["Core", "Distributions", "Fields", "Paths", "Solvers"],
      "Tokens": ["Core", "Distributions", "Fields", "Paths", "Solvers"],
      "Laguerre": ["Core", "Distributions"],
      "Datasets": ["Core", "Distributions", "Fields", "Laguerre", "Paths", "Spaces", "Tokens"],
      "Diffusion": ["Core", "Fields", "Paths", "Solvers"],
      "Likelihood": ["Core", "Distributions", "Fields", "Solvers", "Spaces"],
      "Transport": [
        "Core", "Diffusion", "Distributions", "Fields", "Likelihood", "Maps", "Paths", "Solvers",
        "Tokens",
      ],
      "Couplings": [
        "Core", "Datasets", "Distributions", "Fields", "Laguerre", "Paths", "Solvers", "Spaces",
      ],
      "Floors": ["Core", "Datasets", "Distributions", "Fields", "Paths"],
      "Metrics": [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Likelihood", "Paths",
        "Solvers", "Spaces", "Transport",
      ],
      "Theory": [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Floors", "Likelihood", "Maps",
        "Metrics", "Paths", "Solvers", "Tokens", "Transport",
      ],
      "Jumps": [
        "Core", "Distributions", "Fields", "Solvers", "Theory", "Tokens", "Transport",
      ],
      "Experiments": [
        "Core", "Couplings", "Datasets", "Distributions", "Fields", "Laguerre", "Likelihood",
        "Paths", "Solvers", "Spaces", "Tokens",
      ],
      "Kinds": [
        "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors",
        "Diffusion", "Likelihood", "Paths", "Tokens", "Transport",
      ],
      "Kinds/Matching": kind, "Kinds/ContinuousFlow": kind, "Kinds/AffineLayers": kind,
      "Kinds/Geodesic": kind, "Kinds/Tokens": kind, "Kinds/FlowMap": kind,
      "Kinds/Latent": kind.union(["Kinds/Matching"]), "Kinds/Particles": kind,
      "Kinds/Action": kind.union(["Diffusion"]),
      "Kinds/Interpolant": kind.union(["Diffusion"]),
      "Doctor": ["Core", "Datasets", "Distributions", "Experiments", "Fields", "Paths"],
      "Training": [
        "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors",
        "Kinds", "Kinds/AffineLayers", "Kinds/ContinuousFlow", "Kinds/FlowMap", "Kinds/Geodesic",
        "Kinds/Action", "Kinds/Interpolant", "Kinds/Latent", "Kinds/Matching", "Kinds/Particles",
        "Kinds/Tokens", "Metrics", "Paths", "Solvers",
        "Tokens", "Transport",
      ],
    ])

  /// What a kind of flow may use, though none uses all of it: no other kind.
  private static let kind: Set<String> = [
    "Core", "Couplings", "Datasets", "Distributions", "Experiments", "Fields", "Floors", "Kinds",
    "Likelihood", "Maps", "Paths", "Solvers", "Spaces", "Tokens", "Transport",
  ]

  /// The one state is told in several folders; panes draw it, the loop runs it and is known to nobody.
  static let flowViewer = FolderArrows(
    target: "FlowViewer",
    arrows: [
      "State": [
        "Commands", "Lanes", "Panes", "Parts", "Probes", "Projections", "Training", "Tour",
      ],
      "Parts": ["Commands", "Lanes", "Panes", "Probes", "Projections", "State", "Tour"],
      "Lanes": ["Commands", "Probes", "State"],
      "Probes": ["Lanes", "Parts", "Projections", "State"],
      "Projections": ["Parts", "State", "Surfaces"],
      "Commands": ["Lanes", "Panes", "State", "Tour"],
      "Panes": [
        "Commands", "Lanes", "Probes", "Projections", "State", "Surfaces", "Training", "Tour",
      ],
      "Surfaces": ["Lanes", "Panes", "Probes", "Projections", "State"],
      "Training": ["Lanes", "State"],
      "Tour": ["Commands", "Lanes", "Probes", "State"],
      "Loop": ["Panes", "State", "Training"],
    ],
    circle: [
      "State", "Parts", "Lanes", "Probes", "Projections", "Commands", "Panes", "Surfaces",
      "Training", "Tour",
    ])

  /// What is said and heard, and the terminal, know nobody; commands know everybody.
  static let flowscope = FolderArrows(
    target: "flowscope",
    arrows: [
      "Console": [],
      "Terminal": ["Console"],
      "Settings": ["Console", "Terminal"],
      // The version is in every file.
      "Checkpoints": ["Console", ""],
      "Export": ["Console", "Checkpoints"],
      "Bench": ["Console", "Terminal"],
      "Commands": ["Console", "Terminal", "Settings", "Checkpoints", "Export", "Bench"],
      "": ["Console", "Terminal", "Settings", "Commands"],
    ])

  /// A file by its folder, with the types that it declares for others and the names that it uses.
  struct Room {
    let path: String
    let folder: String
    let declared: Set<String>
    let used: Set<String>
  }

  /// Every file of the target.
  func rooms() throws -> [Room] {
    let root = "Sources/" + target
    return try SourceTree.files(in: root).map { file in
      let parts = file.path.dropFirst(root.count + 1).split(separator: "/")
      let text = file.code.joined(separator: "\n")
      return Room(
        path: file.path, folder: parts.dropLast().joined(separator: "/"),
        declared: FolderArrows.declared(text), used: FolderArrows.used(text))
    }
  }

  /// The types at the outermost level that other files can name.
  static func declared(_ text: String) -> Set<String> {
    let pattern =
      #/(?m)^(?:@\w+\s+)*(?:(?:public|package|internal|final|indirect)\s+)*(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)/#
    return Set(text.matches(of: pattern).map { String($0.1) })
  }

  /// Every name that begins as a type does, but members of another and words in quotes.
  static func used(_ text: String) -> Set<String> {
    let code = text.replacing(#/"""[\s\S]*?"""/#, with: "")
      .replacing(#/"(?:[^"\\\n]|\\.)*"/#, with: "")
    let matches = code.matches(of: #/(^|[^.\w])([A-Z]\w+)/#.anchorsMatchLineEndings())
    return Set(matches.map { String($0.2) })
  }
}

@Suite("Folders and who may know whom")
struct FolderArrowTests {
  @Test("Declarations and uses are told apart from members and words")
  func patterns() {
    let text = """
      public final class Alpha { var beta = POSIXFile.Gamma() }
      @main
      struct Delta: Epsilon {
        struct Inner {}
      }
      private enum Hidden {}
      let words = "Zeta"
      """
    #expect(FolderArrows.declared(text) == ["Alpha", "Delta"])
    let used = FolderArrows.used(text)
    #expect(used.isSuperset(of: ["POSIXFile", "Epsilon"]))
    #expect(used.isDisjoint(with: ["Gamma", "Zeta"]))
  }

  @Test("A folder uses only the folders that the table allows it", arguments: FolderArrows.all)
  func arrows(table: FolderArrows) throws {
    let rooms = try table.rooms()
    #expect(Set(rooms.map(\.folder)) == Set(table.arrows.keys), "the table names other folders")
    var homes: [String: Set<String>] = [:]
    for room in rooms {
      for name in room.declared { homes[name, default: []].insert(room.folder) }
    }
    var seen: Set<[String]> = []
    for room in rooms {
      for name in room.used {
        guard let folders = homes[name], !folders.contains(room.folder) else { continue }
        for folder in folders { seen.insert([room.folder, folder]) }
        #expect(
          !folders.isDisjoint(with: table.arrows[room.folder] ?? []),
          "\(room.path) uses \(name) of \(folders.sorted())")
      }
    }
    // Kinds of flow share one row, whichever of it they use.
    for (folder, allowed) in table.arrows where !folder.contains("/") {
      for other in allowed {
        #expect(seen.contains([folder, other]), "\(folder) does not use \(other): no arrow")
      }
    }
  }

  @Test("The arrows of a table run one way, but in its circle", arguments: FolderArrows.all)
  func cycles(table: FolderArrows) {
    var left = table.arrows.mapValues { $0.subtracting([""]) }
    for folder in table.circle { left[folder]?.subtract(table.circle) }
    while let free = left.first(where: { $0.value.isDisjoint(with: left.keys) })?.key {
      left[free] = nil
    }
    #expect(left.isEmpty, "a cycle among \(left.keys.sorted())")
    // A circle in which somebody cannot be reached is too large.
    for start in table.circle {
      var reached: Set<String> = []
      var next = table.arrows[start] ?? []
      while !next.isEmpty {
        reached.formUnion(next)
        next = Set(next.flatMap { table.arrows[$0] ?? [] }).subtracting(reached)
      }
      #expect(reached.isSuperset(of: table.circle), "\(start) does not reach all of its circle")
    }
  }
}
