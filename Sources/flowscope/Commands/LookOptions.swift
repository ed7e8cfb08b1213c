import ArgumentParser
import TerminalCanvas

/// How things look: the same options for the viewer and for pictures.
struct LookOptions: ParsableArguments {
  /// Whether colour is used.
  enum ColorUse: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
  }

  /// The background that colours are chosen for.
  enum Ground: String, ExpressibleByArgument, CaseIterable {
    case auto, dark, light
  }

  @Option(help: "Colour: auto (NO_COLOR counts), always, never.")
  var color = ColorUse.auto

  @Option(help: "Background: auto asks the terminal, dark, light.")
  var theme = Ground.auto

  @Option(
    name: .customLong("colors"), help: "Colours: 24bit, 256, 16; by default what there is.",
    completion: .list(["24bit", "256", "16"]))
  var colors: String?

  @Flag(inversion: .prefixedNo, help: "Take mouse clicks; the terminal then selects with Shift.")
  var mouse = true

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  func validate() throws {
    if let colors, !["24bit", "256", "16"].contains(colors) {
      throw Failure.usage("--colors must be 24bit, 256 or 16")
    }
  }

  /// The depth that was asked for, or what there is.
  func depth(among available: ColorDepth) -> ColorDepth {
    if color == .never { return .mono }
    switch colors {
    case "24bit": return .direct
    case "256": return .indexed256
    case "16": return .basic16
    default: return available
    }
  }

  /// What the terminal is told before it is asked itself.
  func terminalOptions() -> TerminalOptions {
    var options = NcursesTerminal.environmentOptions
    if color == .always && options.depth == .mono { options.depth = nil }
    if color == .never || colors != nil { options.depth = depth(among: .direct) }
    options.mouse = mouse
    switch theme {
    case .dark: options.background = .dark
    case .light: options.background = .light
    case .auto: break
    }
    return options
  }

  /// The theme that suits a terminal.
  func theme(for terminal: borrowing NcursesTerminal) -> Theme {
    var theme = terminal.theme
    if ascii { theme.glyphs = .ascii }
    return theme
  }

  /// A theme for pictures, where no terminal can be asked.
  func theme(depth available: ColorDepth) -> Theme {
    Theme(
      depth: depth(among: available), background: theme == .light ? .light : .dark,
      glyphs: ascii ? .ascii : .braille)
  }
}
