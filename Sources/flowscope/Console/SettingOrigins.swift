import Synchronization

/// Where a setting's value comes from.
enum SettingOrigin: Equatable, CustomStringConvertible {
  case fallback
  case usersFile(String, line: Int)
  case folderFile(String, line: Int)
  case environment(String)
  case option(String)

  var description: String {
    switch self {
    case .fallback: "default"
    case .option(let name): name
    case .usersFile(let path, _), .folderFile(let path, _): Output.visible(path)
    case .environment(let variable): variable
    }
  }

  /// The file and the line; nil where it comes from none.
  var file: (path: String, line: Int)? {
    switch self {
    case .usersFile(let path, let line), .folderFile(let path, let line): (path, line)
    case .fallback, .environment, .option: nil
    }
  }

  /// The same with the line in a file.
  var place: String { file.map { "\(description), line \($0.line)" } ?? description }

  /// The greater wins.
  var rank: Int {
    switch self {
    case .fallback: 0
    case .usersFile: 1
    case .folderFile: 2
    case .environment: 3
    case .option: 4
    }
  }
}

/// Where the options come from that nobody typed, for a message about one of them.
enum SettingOrigins {
  private static let values = Mutex<[String: (text: String, origin: SettingOrigin)]>([:])
  /// Whether people want to be told.
  static let isAsked = Atomic(false)

  /// Notes that a setting holds that was not typed.
  static func record(_ name: String, _ text: String, _ origin: SettingOrigin) {
    values.withLock { $0["--" + name] = (text, origin) }
  }

  /// The origin of an option, “--batch”; nil where it was typed, or nobody gave it.
  static func origin(of option: String) -> SettingOrigin? {
    values.withLock { $0[option]?.origin }
  }

  /// What to look at where choices do not go together that nobody has typed; empty where all were.
  static var reminder: String {
    values.withLock { $0.isEmpty ? "" : "; `flowscope config` shows what was not typed" }
  }

  /// Says on standard error what was noted, a line each, where that was asked for.
  static func tell() {
    guard isAsked.load(ordering: .relaxed) else { return }
    for (option, value) in values.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      Output.message("\(option) \(Output.visible(value.text)), as \(value.origin.place) says")
    }
  }
}
