import TerminalCanvas

/// A control sequence of the terminal, `CSI parameters final`, as xterm and its kin send them.
struct ControlSequence {
  /// The bytes between the introducer and the last one.
  let parameters: [UInt8]
  /// The last byte, which tells the kind.
  let final: UInt8

  /// What it reports, or nil where it means nothing here.
  var event: Event? {
    if parameters.first == UInt8(ascii: "<") { return mouse }
    switch Character(Unicode.Scalar(final)) {
    case "A": return .key(isShifted ? .shiftUp : .up)
    case "B": return .key(isShifted ? .shiftDown : .down)
    case "C": return .key(isShifted ? .shiftRight : .right)
    case "D": return .key(isShifted ? .shiftLeft : .left)
    case "H": return .key(.home)
    case "F": return .key(.end)
    case "Z": return .key(.backTab)
    case "I": return parameters.isEmpty ? .focus(true) : nil
    case "O": return parameters.isEmpty ? .focus(false) : nil
    case "M": return parameters.isEmpty ? .key(.enter) : nil  // the keypad's, after SS3
    case "P", "Q", "R", "S": return .key(.function(Int(final) - Int(UInt8(ascii: "P")) + 1))
    case "~": return numbered.map { .key($0) }
    default: return nil
    }
  }

  private var numbers: [Int] {
    parameters.drop { $0 == UInt8(ascii: "<") }
      .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
  }

  /// The second number is 1 + Shift 1 + Alt 2 + Ctrl 4.
  private var isShifted: Bool {
    let numbers = numbers
    return numbers.count > 1 && (numbers[1] - 1) & 1 == 1
  }

  private var numbered: Key? {
    switch numbers.first {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case .some(let n) where (11...15).contains(n): .function(n - 10)
    case .some(let n) where (17...21).contains(n): .function(n - 11)
    case .some(let n) where (23...24).contains(n): .function(n - 12)
    default: nil
    }
  }

  /// SGR mouse report: `<button;column;row`, `M` pressed or moved, `m` released.
  private var mouse: Event? {
    let numbers = numbers
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
    let code = numbers[0]
    let action: MouseEvent.Action
    var button = [MouseEvent.Button.left, .middle, .right, .none][code & 3]
    if code & 64 != 0 {
      guard code & 3 < 2 else { return nil }  // a wheel that turns sideways
      action = code & 1 == 0 ? .wheelUp : .wheelDown
      button = .none
    } else if code & 32 != 0 {
      action = button == .none ? .move : .drag
    } else {
      action = final == UInt8(ascii: "m") ? .release : .press
    }
    return .mouse(
      MouseEvent(
        action: action, button: button, x: numbers[1] - 1, y: numbers[2] - 1,
        shift: code & 4 != 0))
  }
}

/// The answer to OSC 11: `11;rgb:RRRR/GGGG/BBBB` with one to four hexadecimal digits a channel.
struct BackgroundReport {
  /// The terminal's background.
  let color: Color

  /// Reads what stood between `OSC` and its end; nil if it is no such answer.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("11;rgb"), let colon = text.firstIndex(of: ":") else { return nil }
    let channels = text[text.index(after: colon)...].split(separator: "/").prefix(3)
      .compactMap { digits -> UInt8? in
        guard (1...4).contains(digits.count), let value = Int(digits, radix: 16) else { return nil }
        let most = (1 << (4 * digits.count)) - 1
        return UInt8((value * 255 + most / 2) / most)
      }
    guard channels.count == 3 else { return nil }
    color = Color(red: channels[0], green: channels[1], blue: channels[2])
  }
}
