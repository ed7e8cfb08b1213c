import ArgumentParser
import FlowMatching
import TerminalCanvas

/// How things look: the same options for the viewer and for pictures.
struct LookOptions: SettingOptions {
  /// Whether colour is used.
  enum ColorUse: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
  }

  /// The background that colours are chosen for.
  private enum Ground: String, CaseIterable {
    case auto, dark, light
  }

  private static let colorSetting = Setting(
    "color", SettingDomain<ColorUse>.cases("colour").listed("") { _ in "" }, fallback: "auto",
    valueName: "color", "Colour: auto (NO_COLOR counts), always, never (default: auto).")
  private static let themeSetting = Setting(
    "theme", SettingDomain<Ground>.cases("background").listed("") { _ in "" }, fallback: "auto",
    valueName: "theme", "Background: auto asks the terminal, dark, light (default: auto).")
  private static let colorsSetting = Setting(
    "colors",
    SettingDomain<String>.one(
      of: TerminalOptions.depths.map(\.word), "number of colours"),
    valueName: "colors", "Colours: 24bit, 256, 16, mono; by default what there is.")
  private static let mouseSetting = Setting(
    "mouse", SettingDomain<Bool>.flag, fallback: "true",
    "Take mouse clicks; the terminal then selects with Shift (default: --mouse).")
  private static let asciiSetting = Setting(
    "ascii", SettingDomain<Bool>.flag, fallback: "false", "Draw with ASCII characters only.")

  private static let lectureSetting = Setting(
    "lecture", SettingDomain<Bool>.flag, fallback: "false",
    "For a hall: a large clock, the plot and one chart (key Z).")

  static let settings = [
    colorSetting, themeSetting, colorsSetting, mouseSetting, asciiSetting, lectureSetting,
  ]

  var given = GivenSettings()

  private var color: ColorUse {
    given.text(LookOptions.colorSetting).flatMap { ColorUse(rawValue: $0) } ?? .auto
  }
  private var theme: Ground {
    given.text(LookOptions.themeSetting).flatMap { Ground(rawValue: $0) } ?? .auto
  }
  private var colors: String? { given.text(LookOptions.colorsSetting) }
  /// Whether it begins as a lecture.
  var lecture: Bool { given.flag(LookOptions.lectureSetting) ?? false }
  private var ascii: Bool { given.flag(LookOptions.asciiSetting) ?? false }

  /// The depth that was asked for, or what there is.
  func depth(among available: ColorDepth) -> ColorDepth {
    if color == .never { return .mono }
    return TerminalOptions.depths.first { $0.word == colors }?.depth ?? available
  }

  /// What the terminal is told before it is asked itself.
  func terminalOptions() -> TerminalOptions {
    var options = NcursesTerminal.environmentOptions
    if color == .always && options.depth == .mono { options.depth = nil }
    if color == .never || colors != nil { options.depth = depth(among: .direct) }
    options.mouse = given.flag(LookOptions.mouseSetting) ?? true
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
