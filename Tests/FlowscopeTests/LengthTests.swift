import Foundation
import Testing

@Suite("How long files and functions may be")
struct LengthTests {
  @Test("No file grows past 300 lines, a catalogue not past 400", arguments: ["Sources", "Tests"])
  func files(directory: String) throws {
    let files = try SourceTree.files(in: directory, endings: ["swift", "c", "h", "py"])
    try #require(files.count >= 10)
    for file in files {
      let limit = file.path.contains("Catalog") ? 400 : 300
      #expect(file.lines.count - 1 <= limit, "\(file.path)")
    }
  }

  /// The most lines of a function, from its first word to its last brace.
  static let longest = 60

  @Test("No function is longer than 60 lines", arguments: ["Sources", "Fuzz"])
  func functions(directory: String) throws {
    var seen = 0
    for file in try SourceTree.files(in: directory) {
      for function in try Self.functions(in: file.lines) {
        seen += 1
        #expect(
          function.length <= Self.longest,
          "\(file.path):\(function.line) has \(function.length) lines: \(function.name)")
      }
    }
    #expect(seen > (directory == "Fuzz" ? 3 : 900), "the scan finds nothing")
  }

  @Test("The scan counts what has a body, to its own brace, whatever its signature")
  func scan() throws {
    let text = """
      protocol A {
        func none() -> Int
        mutating func long(
          _ a: Int
        ) -> Int
      }
      struct B: A {
        init() { x = 1 }
        public static func two<T>(
          _ a: T
        ) -> Int where T: A {
          if true {
            return 1
          }
      #if os(Linux)
          return 2
      #endif
        }
        var three: Int {
          3
        }
      }
      func four() {
        func five() {
        }
      }
      """
    let found = try Self.functions(
      in: text.split(separator: "\n", omittingEmptySubsequences: false))
    #expect(found.map(\.line) == [8, 9, 19, 23, 24])
    #expect(found.map(\.length) == [1, 10, 3, 4, 2])
    let long = ["func a() {"] + [String](repeating: "  b()", count: 59) + ["}"]
    #expect(try Self.functions(in: long.map { $0[...] }).map(\.length) == [61])
  }

  /// A function, an initialiser or a computed property with a body.
  struct Function {
    let line, length: Int
    let name: String
  }

  /// Those of a file, by the columns in which `swift format` sets them.
  static func functions(in lines: [Substring]) throws -> [Function] {
    let start = try Regex(
      #"^\s*((@\w+(\([^)]*\))?|public|private|fileprivate|static|mutating|override|convenience"#
        + #"|final|package|nonisolated|indirect)\s+)*"#
        + #"(func\s|init[?(<]|deinit\s*\{|subscript[(<]|(static )?var\s[^=]*\{\s*$)"#)
    func column(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
    return lines.indices.compactMap { first in
      let line = lines[first]
      guard line.contains(start) else { return nil }
      let name = String(line.drop { $0 == " " })
      // A body on the line itself.
      if line.hasSuffix("}") { return Function(line: first + 1, length: 1, name: name) }
      for last in (first + 1)..<max(first + 1, lines.count) {
        let line = lines[last]
        let text = line.drop { $0 == " " }
        if text.isEmpty || text.hasPrefix("#") || column(line) > column(lines[first]) { continue }
        if column(line) == column(lines[first]) {
          if text.hasPrefix("}") {
            return Function(line: first + 1, length: last - first + 1, name: name)
          }
          if text.hasPrefix(")") || text.hasPrefix("{") || text.hasPrefix("where ")
            || text.hasPrefix("->")
          {
            // Its signature goes on, unless that is all there is.
            let isRequirement = text.hasPrefix(")") && !text.hasSuffix("{") && !text.hasSuffix("(")
            if isRequirement, last + 1 < lines.count,
              column(lines[last + 1]) < column(lines[first])
            {
              return nil
            }
            continue
          }
        }
        return nil
      }
      return nil
    }
  }
}
