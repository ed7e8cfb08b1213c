import CTerminal
import TerminalCanvas

/// Turns bytes and key codes of the terminal into events.
///
/// ncurses has already named the keys that terminfo knows. What is left are characters in UTF-8,
/// and sequences that no description lists: keys with modifiers, mouse reports (SGR), focus, and the
/// answer to a question about the background. A sequence that nobody knows is swallowed whole, so
/// that its letters do not act as keys.
struct KeyDecoder {
  /// What a terminal says.
  enum Input: Equatable {
    case event(Event)
    /// Its background colour, asked for by OSC 11.
    case background(Color)
  }

  private enum State {
    case ground
    case escape
    case control([UInt8])
    case single
    case system([UInt8], escaped: Bool)
    case character([UInt8], missing: Int)
    /// Inside a bracketed paste, which has been silent so often.
    case paste(silences: Int)
  }

  /// What ends a bracketed paste.
  private static let pasteEnd = Array("\u{1b}[201~".utf8)
  /// Bytes of a paste that are kept; what follows is dropped with it.
  private static let pasteLimit = 1 << 16
  /// How often 50 ms may pass without a byte before a paste counts as broken off.
  private static let longestSilence = 20

  private var state = State.ground
  /// What has come of a bracketed paste.
  private var pasted: [UInt8] = []

  /// Whether a sequence has begun and not ended.
  var isPartial: Bool {
    if case .ground = state { return false }
    return true
  }

  /// Whether all that came is an Esc.
  var isEscape: Bool {
    if case .escape = state { return true }
    return false
  }

  /// Takes the next code of `ct_read`.
  mutating func feed(_ code: Int32) -> [Input] {
    guard let byte = UInt8(exactly: code) else {
      if case .paste = state { return [] }
      // A named key: whatever was pending stands for itself.
      return flush() + [KeyDecoder.named(code)].compactMap { $0 }.map { .event(.key($0)) }
    }
    switch state {
    case .ground:
      return ground(byte)
    case .escape:
      return escape(byte)
    case .control(let bytes):
      return control(bytes, byte)
    case .single:
      return single(byte)
    case .system(let bytes, let escaped):
      return system(bytes, escaped: escaped, byte)
    case .character(let bytes, let missing):
      return character(bytes, missing, byte)
    case .paste:
      return paste(byte)
    }
  }

  private mutating func paste(_ byte: UInt8) -> [Input] {
    let (end, limit) = (KeyDecoder.pasteEnd, KeyDecoder.pasteLimit)
    state = .paste(silences: 0)
    pasted.append(byte)
    guard pasted.suffix(end.count).elementsEqual(end) else {
      // Of what is too long the last bytes stay, for the end mark must be seen; now and then.
      if pasted.count > 2 * limit { pasted.removeSubrange(limit..<pasted.count - end.count) }
      return []
    }
    state = .ground
    let text = pasted.dropLast(end.count).prefix(limit)
    pasted = []
    return [.event(.paste(String(decoding: text, as: UTF8.self)))]
  }

  /// Nothing follows for now: an Esc alone was the key; what else is unfinished is dropped.
  mutating func flush() -> [Input] {
    // The rest of a slow paste must not act as keys.
    if case .paste(let silences) = state, silences < KeyDecoder.longestSilence {
      state = .paste(silences: silences + 1)
      return []
    }
    defer { state = .ground }
    switch state {
    case .escape:
      return [.event(.key(.escape))]
    case .control(let bytes) where bytes.isEmpty:
      return [.event(.key(.escape)), .event(.key(.character("[")))]
    case .single:
      return [.event(.key(.escape)), .event(.key(.character("O")))]
    case .system(let bytes, _) where bytes.isEmpty:
      return [.event(.key(.escape)), .event(.key(.character("]")))]
    default:
      return []
    }
  }

  private mutating func ground(_ byte: UInt8) -> [Input] {
    switch byte {
    case 0x1b: state = .escape
    case 0x08, 0x7f: return [.event(.key(.backspace))]
    case 0x09: return [.event(.key(.tab))]
    case 0x0a, 0x0d: return [.event(.key(.enter))]
    case 0x01...0x1a: return [.event(.key(.control(Character(Unicode.Scalar(byte + 0x60)))))]
    case 0x20...0x7e: return [.event(.key(.character(Character(Unicode.Scalar(byte)))))]
    case 0xc2...0xdf: state = .character([byte], missing: 1)
    case 0xe0...0xef: state = .character([byte], missing: 2)
    case 0xf0...0xf4: state = .character([byte], missing: 3)
    default: break
    }
    return []
  }

  private mutating func escape(_ byte: UInt8) -> [Input] {
    switch byte {
    case UInt8(ascii: "["): state = .control([])
    case UInt8(ascii: "O"): state = .single
    case UInt8(ascii: "]"): state = .system([], escaped: false)
    default:
      // Esc and then a key, quickly; or Alt and the key, which means nothing here.
      return flush() + ground(byte)
    }
    return []
  }

  private mutating func control(_ bytes: [UInt8], _ byte: UInt8) -> [Input] {
    switch byte {
    case 0x20...0x3f where bytes.count < 32:
      state = .control(bytes + [byte])
      return []
    case 0x40...0x7e:
      if byte == UInt8(ascii: "~"), bytes == Array("200".utf8) {
        pasted = []
        state = .paste(silences: 0)
        return []
      }
      state = .ground
      return ControlSequence(parameters: bytes, final: byte).event.map { [.event($0)] } ?? []
    default:
      let kept = flush()
      return kept + ground(byte)
    }
  }

  private mutating func single(_ byte: UInt8) -> [Input] {
    // Only what keypads send: Esc and then typed letters must stay what they are.
    guard "ABCDFHMPQRS".utf8.contains(byte),
      let event = ControlSequence(parameters: [], final: byte).event
    else { return flush() + ground(byte) }
    state = .ground
    return [.event(event)]
  }

  private mutating func system(_ bytes: [UInt8], escaped: Bool, _ byte: UInt8) -> [Input] {
    if bytes.isEmpty, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      return flush() + ground(byte)
    }
    if byte == 0x07 || (escaped && byte == UInt8(ascii: "\\")) {
      state = .ground
      return BackgroundReport(bytes).map { [.background($0.color)] } ?? []
    }
    state =
      bytes.count < 64
      ? .system(byte == 0x1b ? bytes : bytes + [byte], escaped: byte == 0x1b) : .ground
    return []
  }

  private mutating func character(_ bytes: [UInt8], _ missing: Int, _ byte: UInt8) -> [Input] {
    guard byte & 0xc0 == 0x80 else {
      state = .ground
      return feed(Int32(byte))
    }
    guard missing == 1 else {
      state = .character(bytes + [byte], missing: missing - 1)
      return []
    }
    state = .ground
    guard let text = String(validating: bytes + [byte], as: UTF8.self), let first = text.first
    else { return [] }
    return [.event(.key(.character(first)))]
  }

  /// The key that ncurses has named, or nil for one that no command uses.
  static func named(_ code: Int32) -> Key? {
    let code = Int(code)
    if code > CT_KEY_F0, code <= CT_KEY_F0 + 63 { return .function(code - CT_KEY_F0) }
    switch code {
    case CT_KEY_UP: return .up
    case CT_KEY_DOWN: return .down
    case CT_KEY_LEFT: return .left
    case CT_KEY_RIGHT: return .right
    case CT_KEY_SHIFT_UP: return .shiftUp
    case CT_KEY_SHIFT_DOWN: return .shiftDown
    case CT_KEY_SHIFT_LEFT: return .shiftLeft
    case CT_KEY_SHIFT_RIGHT: return .shiftRight
    case CT_KEY_HOME: return .home
    case CT_KEY_END: return .end
    case CT_KEY_PAGE_UP: return .pageUp
    case CT_KEY_PAGE_DOWN: return .pageDown
    case CT_KEY_INSERT: return .insert
    case CT_KEY_DELETE: return .delete
    case CT_KEY_ENTER: return .enter
    case CT_KEY_BACKSPACE: return .backspace
    case CT_KEY_BACK_TAB: return .backTab
    default: return nil
    }
  }
}
