import FileFormats
import FlowMatching

/// A file of settings in TOML: one key a setting, no tables.
struct SettingsFile {
  /// The values by name, as texts that the options take.
  let values: [String: String]
  /// The line that each stands in.
  let lines: [String: Int]

  /// The longest file, in bytes.
  static let limit = 1 << 16

  /// Reads the text; everything wrong is told with its line and column.
  init(_ bytes: [UInt8]) throws(FileFailure) {
    guard bytes.count <= SettingsFile.limit else { throw .malformed("it is longer than 64 KiB") }
    var values: [String: String] = [:]
    var lines: [String: Int] = [:]
    for entry in try TomlReader.entries(bytes) {
      guard let setting = Setting.all.first(where: { $0.name == entry.key }) else {
        let unknown = UnknownName(
          kind: "setting", name: entry.key, among: Setting.all.map(\.name))
        throw .malformed(unknown.description, line: entry.line, column: entry.column)
      }
      guard let text = SettingsFile.text(entry.value, setting.kind), setting.accepts(text) else {
        throw .malformed(
          "\(entry.key) must be \(setting.kind.title)", line: entry.line, column: entry.column)
      }
      values[entry.key] = text
      lines[entry.key] = entry.line
    }
    self.values = values
    self.lines = lines
  }

  private static func text(_ value: TomlReader.Value, _ kind: SettingKind) -> String? {
    switch (kind, value) {
    case (.text, .text(let text)), (.integers, .text(let text)): text
    case (.integer, .integer(let number)), (.number, .integer(let number)): "\(number)"
    case (.number, .number(let number)): "\(number)"
    // 1e6 is a whole number, though TOML calls it none.
    case (.integer, .number(let number)):
      Int(exactly: number).map { "\($0)" }
    case (.flag, .flag(let flag)): "\(flag)"
    case (.integers, .integers(let numbers)):
      numbers.isEmpty ? nil : numbers.map(String.init).joined(separator: ",")
    default: nil
    }
  }
}
