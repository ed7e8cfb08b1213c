import Foundation

/// Folders of the program in a person's home, and what it remembers there: empty files in
/// `$XDG_STATE_HOME/flowscope`.
enum OwnFolders {
  /// The program's folder under that of a variable, by the XDG base directory specification, which has relative
  /// paths ignored; nil where there is no home either.
  static func path(
    _ variable: String, usually folder: String, in environment: [String: String]
  ) -> String? {
    var home = environment[variable] ?? ""
    if !home.hasPrefix("/") { home = environment["HOME"].map { $0 + "/" + folder } ?? "" }
    return home.isEmpty ? nil : home + "/flowscope"
  }

  /// Remembers that something happened; false where that was known already, or cannot be kept.
  static func isFirst(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    guard let path = path("XDG_STATE_HOME", usually: ".local/state", in: environment),
      path.hasPrefix("/")
    else { return false }
    let folder = URL(filePath: path)
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
