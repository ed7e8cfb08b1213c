import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("What presets claim")
struct PresetClaimTests {
  /// Those whose claims take seconds: large networks, studies of whole courses. FLOWSCOPE_LONG_TESTS asks
  /// for them.
  static let dear: Set<String> = [
    "dw4", "digits", "any-noise", "cut-locus", "sphere-density", "straight-lines", "reflow",
    "mended-drift", "stiff-field", "adaptive-steps", "identities", "words-from-noise",
    "autoguidance", "three-processes", "schedule-change", "spirals", "start-colours",
    "guidance-noise", "every-batch", "one-to-all", "solver-race", "land", "euler-midpoint",
    "divergence", "ode-sde", "tiny-network", "interpolant", "many-dimensions",
    "guidance-interval", "checkerboard", "teleport", "words",
  ]
  /// Those that need the whole of their own training: a minute and more.
  static let long: Set<String> = [
    "one-step", "steps-where-it-bends", "wrong-tangent", "shortcut-limit", "distilled-map",
  ]
  private static let isPatient =
    ProcessInfo.processInfo.environment["FLOWSCOPE_LONG_TESTS"] != nil

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
    arguments: Preset.all.map(\.name).filter { isPatient || !dear.contains($0) }
      .filter { !long.contains($0) })
  func shown(name: String) throws {
    let preset = try Preset.named(name)
    var quiet = try QuietSession(preset)
    let unmet = quiet.await(preset.claims, frames: 300)
    #expect(said(unmet, quiet.state) == [])
  }

  @Test(
    "A preset that learns for minutes shows what it says, where there is the time",
    .enabled(if: isPatient), arguments: long.sorted())
  func shownLong(name: String) throws {
    var quiet = try QuietSession(try Preset.named(name), isWhole: true)
    let unmet = quiet.await(quiet.state.options.preset?.claims ?? [], frames: 1500)
    #expect(said(unmet, quiet.state) == [])
  }

  /// Claims with what their figures are.
  private func said(_ claims: [Claim], _ state: AppState) -> [String] {
    claims.map { claim in
      let figures = [claim.figure, claim.unit].compactMap { $0 }.map { name in
        "\(name) \(StateFigure.named(name)?.value(state) ?? .nan)"
      }
      return "\(claim): " + figures.joined(separator: ", ")
    }
  }

  @Test("A claim can be false, and what is not known yet does not hold")
  func claims() throws {
    var state = slowState(columns: 120, rows: 36)
    state.tick()
    #expect(Claim("t", above: 0.9).holds(in: state) && !Claim("t", below: 0.9).holds(in: state))
    #expect(!Claim("excess", above: -1).holds(in: state))
    #expect(!Claim("excess", below: 1).holds(in: state))
    #expect(!Claim("t", above: 0, times: "excess").holds(in: state))
    #expect(StateFigure.filled("at {t}, {excess}", state) == "at 1.0, …")
    // What stands beside the plot is on the screen or it is not.
    #expect(Claim("shows loss", above: 0.5).holds(in: state))
    #expect(!Claim("shows excess", above: 0.5).holds(in: state))
    // A preset whose scenery is taken away does not show what it says.
    let preset = try Preset.named("loss-floor")
    _ = state.arrange(preset)
    let shown = try #require(preset.claims.first { $0.figure == "shows excess" })
    #expect(shown.holds(in: state))
    _ = state.arrange(try Preset.named("first-look"))
    #expect(!shown.holds(in: state))
  }
}
