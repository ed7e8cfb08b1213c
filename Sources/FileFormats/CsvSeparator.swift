/// What stands between the fields of a line.
public enum CsvSeparator: UInt8, Sendable {
  case comma = 0x2c
  case semicolon = 0x3b
  case tab = 0x09
  /// Any run of blanks and tabs.
  case blank = 0x20

  /// “separated by semicolons”.
  public var words: String {
    switch self {
    case .comma: "separated by commas"
    case .semicolon: "separated by semicolons"
    case .tab: "separated by tabs"
    case .blank: "separated by blanks"
    }
  }

  /// Whether a byte parts two fields.
  func parts(_ byte: UInt8) -> Bool {
    self == .blank ? CsvSeparator.isSpace(byte) : byte == rawValue
  }

  /// Whether a byte beside a field is not part of it.
  func pads(_ byte: UInt8) -> Bool {
    self == .tab ? byte == 0x20 : CsvSeparator.isSpace(byte)
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// What parts the fields of all these lines, the first of a file: a semicolon before a tab before a
  /// comma before blanks, the comma where nothing does.
  ///
  /// Tabs beside commas pad, and where a line in blanks is all numbers with decimal commas, `1,5 2,5`,
  /// its commas part nothing.
  static func recognised(in lines: [ArraySlice<UInt8>]) -> CsvSeparator {
    let lines = lines.map(bare)
    func occurs(_ test: (UInt8) -> Bool) -> Bool { lines.allSatisfy { $0.contains(where: test) } }
    guard !lines.isEmpty else { return .comma }
    if occurs({ $0 == semicolon.rawValue }) { return .semicolon }
    if occurs({ $0 == tab.rawValue }), !lines.allSatisfy({ padsWithTabs($0) }) { return .tab }
    let hasBlanks = occurs(isSpace)
    if occurs({ $0 == comma.rawValue }) {
      return hasBlanks && lines.last.map(isDecimalCommas) == true ? .blank : .comma
    }
    return hasBlanks ? .blank : .comma
  }

  /// A line without its ends' white space, each quoted text one letter.
  private static func bare(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isQuoted = false
    for byte in line {
      if byte == 0x22 {
        if !isQuoted { result.append(0x71) }
        isQuoted.toggle()
      } else if !isQuoted {
        result.append(byte)
      }
    }
    let text = result.drop(while: isSpace)
    return Array(text.prefix(upTo: (text.lastIndex { !isSpace($0) } ?? text.startIndex - 1) + 1))
  }

  /// Whether every run of tabs touches a comma.
  static func padsWithTabs(_ line: some Collection<UInt8>) -> Bool {
    // In one pass: a line may be nothing but 64 KiB of tabs.
    var (touchesComma, hasTab) = (false, false)
    for byte in line {
      if isSpace(byte) {
        hasTab = hasTab || byte == tab.rawValue
        continue
      }
      if hasTab, !touchesComma, byte != comma.rawValue { return false }
      touchesComma = byte == comma.rawValue
      hasTab = false
    }
    return !hasTab || touchesComma
  }

  /// Whether a line is two numbers or more in blanks, of which one has a decimal comma.
  private static func isDecimalCommas(_ line: [UInt8]) -> Bool {
    let fields = line.split(whereSeparator: isSpace)
    return fields.count > 1 && fields.contains { $0.contains(comma.rawValue) }
      && fields.allSatisfy { field in
        CsvNumber.value(field, mark: .comma) != nil && field.first != comma.rawValue
          && field.last != comma.rawValue
      }
  }
}
