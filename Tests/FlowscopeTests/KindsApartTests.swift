import Foundation
import Testing

@Suite("Kinds of flow, told apart by nobody but themselves")
struct KindsApartTests {
  @Test("Which kind a flow is of is asked in the kinds' own folders and by experiments alone")
  func kindsApart() throws {
    let pattern = try Regex(
      #"\b(model|objective)\s*[!=]=\s*\.|case \.affineLayers"#
        + #"|as\? (any )?(LearnedField|ClosedFormFlow|AffineLayersField|RescheduledField)"#
    ).wordBoundaryKind(.simple)
    for example in ["if a.model == .velocity", "x as? LearnedField", "objective != .likelihood"] {
      #expect(example.contains(pattern), "the pattern misses \(example)")
    }
    let own = ["Sources/FlowMatching/Kinds/", "Sources/FlowMatching/Experiments/"]
    for target in ["FlowMatching", "FlowViewer"] {
      for file in try SourceTree.files(in: "Sources/" + target)
      where !own.contains(where: file.path.hasPrefix) {
        for line in file.code where line.contains(pattern) {
          Issue.record("\(file.path): \(line)")
        }
      }
    }
  }

  @Test("No command asks which kind a file holds")
  func commands() throws {
    let pattern = try Regex(#"stored\.layers|AffineLayersCodec|RealNVP\("#)
    #expect("if let layers = stored.layers {".contains(pattern))
    for file in try SourceTree.files(in: "Sources/flowscope/Commands") {
      for line in file.code where line.contains(pattern) {
        Issue.record("\(file.path): \(line)")
      }
    }
  }
}
