import Synchronization

/// Where the options come from that nobody typed, for a message about one of them.
enum SettingOrigins {
  private static let values = Mutex<[String: Settings.Value]>([:])

  /// Notes that an option stands for a setting.
  static func record(_ name: String, _ value: Settings.Value) {
    values.withLock { $0["--" + name] = value }
  }

  /// The origin of an option, “--batch”; nil where it was typed, or nobody gave it.
  static func origin(of option: String) -> Settings.Origin? {
    values.withLock { $0[option]?.origin }
  }

  /// What to look at where choices do not go together that nobody has typed; empty where all were.
  static var reminder: String {
    values.withLock { $0.isEmpty ? "" : "; `flowscope config` shows what was not typed" }
  }

  /// Says on standard error what was noted, a line each.
  static func tell() {
    for (option, value) in values.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      Output.message("\(option) \(Output.visible(value.text)), as \(value.origin.place) says")
    }
  }
}
