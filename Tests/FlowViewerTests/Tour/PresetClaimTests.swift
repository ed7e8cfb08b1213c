import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("What presets claim")
struct PresetClaimTests {
  /// Those whose claims take minutes of training, or the whole of a large network.
  static let long: Set<String> = []

  @Test("Every preset claims something, by figures that there are")
  func named() {
    for preset in Preset.all {
      #expect(!preset.claims.isEmpty, "\(preset.name)")
      for claim in preset.claims {
        #expect(StateFigure.named(claim.figure) != nil, "\(preset.name): \(claim)")
        if let unit = claim.unit { #expect(StateFigure.named(unit) != nil, "\(claim)") }
      }
    }
  }

  @Test(
    "A preset shows what it says",
    arguments: Preset.all.map(\.name).filter { !long.contains($0) })
  func shown(name: String) throws {
    let preset = try Preset.named(name)
    var quiet = try QuietSession(preset)
    let unmet = quiet.await(preset.claims, frames: 300)
    let values = unmet.map { claim in
      "\(claim): \(StateFigure.named(claim.figure)?.value(quiet.state) ?? .nan)"
    }
    #expect(values == [])
  }
}
