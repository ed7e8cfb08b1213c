import FlowMatching
import TerminalCanvas

/// What a key goes through, one after the other, and where it is now: seen for a moment, so that nobody cycles
/// blindly.
public struct Choices: Sendable, Equatable {
  /// One of them.
  struct Row: Sendable, Equatable {
    let name: String
    var note = ""
    /// Values from the first to the last, drawn as a line.
    var curve: [Double] = []
  }

  let title: String
  let rows: [Row]
  let chosen: Int

  /// Seconds that they are seen.
  static let seconds = 2.2
}

extension AppState {
  /// The methods of the focused lane, with what a step of each costs.
  var solverChoices: Choices? {
    let methods = allowedSolvers
    guard let chosen = methods.firstIndex(of: focusedLane.settings.method) else { return nil }
    return Choices(
      title: "solver", rows: methods.map { Choices.Row(name: $0.title, note: $0.note) },
      chosen: chosen)
  }

  /// The schedules, each with its α over t.
  var scheduleChoices: Choices? {
    let (trained, followed) = (followedExperiment.scheduler, followedScheduler)
    var all = Scheduler.all
    if !all.contains(trained) { all.append(trained) }
    guard let chosen = all.firstIndex(of: followed) else { return nil }
    return Choices(
      title: "schedule: α over t",
      rows: all.map { scheduler in
        Choices.Row(
          name: scheduler.title, note: scheduler == trained ? "as trained" : "",
          curve: (0...15).map { scheduler.coefficients(at: Double($0) / 15).alpha })
      }, chosen: chosen)
  }

  /// The views of what is learned.
  var viewChoices: Choices? {
    views.firstIndex(of: look.scenery.view).map { chosen in
      Choices(
        title: "view", rows: views.map { Choices.Row(name: $0.rawValue) }, chosen: chosen)
    }
  }
}

extension LaneSolver {
  /// How good it is and what it costs, in a few words.
  fileprivate var note: String {
    switch way {
    case .flow(let tableau):
      "order \(tableau.order), \(tableau.evaluationsPerStep) a step"
        + (tableau.hasErrorEstimate ? ", adaptive" : "")
    case .diffusion: "with noise"
    case .map: "1 a jump"
    case .jumps: "jumps, same p_t"
    case .teleport: "jumps, another p_t"
    }
  }
}
