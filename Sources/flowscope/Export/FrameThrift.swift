import CTerminal

/// Says the frames of a recording in fewer bytes: what the screen shows already is left out.
///
/// A colour may be off by up to 16 levels of 255 a channel, by 8 behind strokes: a film is looked at once.
final class FrameThrift {
  private let thrift: OpaquePointer?

  /// A blank screen of that size, of which nothing is known.
  init(columns: Int, rows: Int) {
    thrift = ct_thrift_make(Int32(columns), Int32(rows), 16, 8)
  }

  deinit { ct_thrift_free(thrift) }

  /// What a terminal must be sent to show what this text would.
  func said(_ text: String) -> String {
    guard thrift != nil else { return text }
    var length = 0
    return String(cString: ct_thrift_say(thrift, text, text.utf8.count, &length))
  }
}
