import Foundation

/// The project's own files, for tests that read them.
enum SourceTree {
  /// The directory that holds the manifest.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// One file: its path from the root and its lines without what follows `//`.
  struct File {
    let path: String
    let lines: [Substring]
    let code: [String]

    /// The name of its target, or of its directory under Tests.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  }

  /// The names of the directories right under `directory`.
  static func directories(in directory: String) throws -> [String] {
    let url = root.appending(path: directory)
    return try FileManager.default.contentsOfDirectory(atPath: url.path())
      .filter {
        var isDirectory: ObjCBool = false
        let path = url.appending(path: $0).path()
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
          && isDirectory.boolValue
      }.sorted()
  }

  /// All files below `directory` with one of the endings, symbolic links read through.
  static func files(in directory: String, endings: Set<String> = ["swift"]) throws -> [File] {
    let start = root.appending(path: directory)
    guard let walk = FileManager.default.enumerator(atPath: start.path()) else { return [] }
    return try walk.compactMap { entry -> File? in
      guard let name = entry as? String, let ending = name.split(separator: ".").last,
        endings.contains(String(ending))
      else { return nil }
      let text = try String(contentsOf: start.appending(path: name), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let code = lines.map { line in
        line.firstRange(of: "//").map { String(line[..<$0.lowerBound]) } ?? String(line)
      }
      return File(path: directory + "/" + name, lines: lines, code: code)
    }.sorted { $0.path < $1.path }
  }
}
