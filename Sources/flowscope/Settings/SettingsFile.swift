import FileFormats
import FlowMatching
import TOMLKit

/// A file of settings in TOML: one key a setting, no tables.
struct SettingsFile {
  /// The values by name, as texts that the options take.
  let values: [String: String]

  /// The longest file, in bytes.
  static let limit = 1 << 16

  /// Reads the text; everything wrong is told with its line and column.
  init(_ bytes: [UInt8]) throws(FileFailure) {
    guard bytes.count <= SettingsFile.limit else { throw .malformed("it is longer than 64 KiB") }
    let lines = SettingsText(try SettingsFile.text(bytes))
    let table: TOMLTable
    do { table = try TOMLTable(string: lines.text) } catch let error as TOMLParseError {
      let place = error.source.begin
      throw .malformed(
        FileFailure.printable(error.description), line: place.line, column: place.column)
    } catch { throw .malformed("it is no TOML", line: 1, column: 1) }
    var values: [String: String] = [:]
    for key in table.keys {
      let (line, column) = lines.place(of: key)
      guard let setting = Setting.all.first(where: { $0.name == key }) else {
        let unknown = UnknownSetting(key)
        throw .malformed(unknown.description, line: line, column: column)
      }
      guard let text = table[key].flatMap({ SettingsFile.text($0, setting) }),
        setting.accepts(text)
      else {
        throw .malformed("\(key) must be \(setting.kind.title)", line: line, column: column)
      }
      values[key] = text
    }
    self.values = values
  }

  private static func text(_ bytes: [UInt8]) throws(FileFailure) -> String {
    let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      let valid = content.indices.last { String(validating: content[..<$0], as: UTF8.self) != nil }
      let lines = SettingsText(String(decoding: content[..<(valid ?? 0)], as: UTF8.self))
      throw .malformed("it is no UTF-8", line: lines.end.line, column: lines.end.column)
    }
    // The parser would take a NUL for the end.
    if let nul = content.firstIndex(of: 0) {
      let lines = SettingsText(String(decoding: content[..<nul], as: UTF8.self))
      throw .malformed("a NUL character", line: lines.end.line, column: lines.end.column)
    }
    return text
  }

  private static func text(_ value: any TOMLValueConvertible, _ setting: Setting) -> String? {
    switch setting.kind {
    case .text: return value.string
    case .integer: return value.int.map { "\($0)" }
    case .number: return value.double.map { "\($0)" } ?? value.int.map { "\($0)" }
    case .flag: return value.bool.map { "\($0)" }
    case .integers:
      guard let array = value.array else { return value.string }
      let numbers = array.map { $0.int }
      return numbers.allSatisfy { $0 != nil } && !numbers.isEmpty
        ? numbers.map { "\($0!)" }.joined(separator: ",") : nil
    }
  }
}

/// A key that is no setting.
private struct UnknownSetting: CustomStringConvertible {
  let description: String

  init(_ name: String) {
    description =
      UnknownName(kind: "setting", name: name, among: Setting.all.map(\.name)).description
  }
}

/// Where the keys of a text stand.
private struct SettingsText {
  let text: String

  init(_ text: String) { self.text = text }

  /// The line and column after the last character.
  var end: (line: Int, column: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (max(1, lines.count), (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  /// The place of a key or a table of the top level; the parser does not keep it.
  func place(of key: String) -> (line: Int, column: Int) {
    let forms = [key, "\"\(key)\"", "'\(key)'"]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let start = line.prefix { $0 == " " || $0 == "\t" }
      var rest = line.dropFirst(start.count)
      while rest.first == "[" || rest.first == " " { rest = rest.dropFirst() }
      for form in forms where rest.hasPrefix(form) {
        let after = rest.dropFirst(form.count).first
        if after.map({ " \t=.]\r".contains($0) }) ?? true {
          return (number + 1, start.unicodeScalars.count + 1)
        }
      }
    }
    return (1, 1)
  }
}
