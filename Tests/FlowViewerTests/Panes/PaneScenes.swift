import FlowMatching
import TerminalCanvas

@testable import FlowViewer

/// States in which every pane has something to show, and the looks that it is drawn in.
enum PaneScenes {
  /// A trained and parked state with that many lanes; solved, measured and studied.
  static func state(lanes: Int) -> AppState {
    [one, two, three, four][lanes - 1]
  }

  /// The same with another size of the screen; the particles stay.
  static func state(lanes: Int, size: Size) -> AppState {
    var state = state(lanes: lanes)
    _ = state.update(.event(.resize(size)))
    return state
  }

  /// Flow matching beside a likelihood, a lane each.
  static let trainings: AppState = {
    do {
      var replay = try presetReplay("two-trainings", Size(columns: 160, rows: 48), particles: 256)
      try replay.run("train 60\nEnd\nwait 0.5")
      return replay.state
    } catch {
      preconditionFailure("the scene's script is wrong: \(error)")
    }
  }()

  /// The keys that make so many lanes of one; three are asked for by name.
  static func split(lanes: Int) -> String {
    switch lanes {
    case 1: return ""
    case 2: return "|\n"
    case 4: return "|\n|\n"
    default:
      let word = "lanes three".map { $0 == " " ? "space" : String($0) }.joined(separator: "\n")
      return ":\n" + word + "\nEnter\n"
    }
  }

  private static let one = scene(1)
  private static let two = scene(2)
  private static let three = scene(3)
  private static let four = scene(4)

  private static func scene(_ lanes: Int) -> AppState {
    do {
      var replay = try smallReplay(columns: 160, rows: 48, steps: 300)
      try replay.run("train 300\n\(split(lanes: lanes))End\nwait 2")
      precondition(replay.state.lanes.all.count == lanes)
      return replay.state
    } catch {
      preconditionFailure("the scene's script is wrong: \(error)")
    }
  }

  /// Looks that differ in what they may draw with.
  static let themes = [
    Theme(depth: .direct, background: .dark),
    Theme(depth: .direct, background: .light),
    Theme(depth: .indexed256, background: .dark),
    Theme(depth: .basic16, background: .light),
    Theme(depth: .mono, background: .dark),
    Theme(depth: .direct, background: .dark, glyphs: .ascii),
    Theme(depth: .mono, background: .light, glyphs: .ascii),
  ]

  /// Whole frames are drawn at sizes around every threshold of the layout.
  static let sizes = [
    Size(columns: 40, rows: 12), Size(columns: 41, rows: 13), Size(columns: 79, rows: 23),
    Size(columns: 80, rows: 24), Size(columns: 99, rows: 29), Size(columns: 100, rows: 30),
    Size(columns: 119, rows: 35), Size(columns: 120, rows: 36), Size(columns: 139, rows: 43),
    Size(columns: 140, rows: 44), Size(columns: 160, rows: 48), Size(columns: 200, rows: 60),
    Size(columns: 240, rows: 70), Size(columns: 40, rows: 90), Size(columns: 250, rows: 12),
  ]
}

extension Screen {
  /// The characters of one row.
  func line(_ y: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: row(y).compactMap { Unicode.Scalar($0.scalar) })
    return String(view)
  }
}
