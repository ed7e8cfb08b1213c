import Foundation

/// What the program remembers from one use to the next: empty files in `$XDG_STATE_HOME/flowscope`.
enum StateFolder {
  /// Remembers that something happened; false where that was known already, or cannot be kept.
  static func isFirst(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    var home = environment["XDG_STATE_HOME"] ?? ""
    // The specification has relative paths ignored.
    if !home.hasPrefix("/") { home = environment["HOME"].map { $0 + "/.local/state" } ?? "" }
    guard home.hasPrefix("/") else { return false }
    let folder = URL(filePath: home).appending(path: "flowscope")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // Of two that begin at once one is the first.
      try Data().write(to: folder.appending(path: name), options: .withoutOverwriting)
      return true
    } catch {
      return false
    }
  }
}
