import CTerminal
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The terminal that the process runs in, through ncurses; one at a time.
///
/// From `init` until it goes out of scope the alternate screen is ours. However the process ends (a
/// return, `exit`, a signal, a trap on any thread) the terminal is left as it was found and what was
/// printed to standard error meanwhile appears after that.
struct NcursesTerminal: Terminal, ~Copyable {
  /// The extent in cells as last known, at most 1000×400.
  private(set) var size: Size
  /// The height of a cell over its width, 2 where the terminal does not tell.
  private(set) var aspect: Double
  /// How many colours it shows.
  let depth: ColorDepth
  /// The characters that it can show.
  let glyphs: GlyphSet
  /// Whether its background is dark or light.
  private(set) var background: Background
  /// The background that it answered with, or nil if it has not.
  private(set) var backgroundColor: Color?
  /// The bytes sent for the last frame, exactly; 0 when nothing had changed.
  private(set) var bytesLastFrame = 0
  /// The bytes sent for all frames.
  private(set) var bytesWritten = 0

  private var colors: TerminalColors
  private var shown: [ct_cell] = []
  private var row: [ct_cell] = []
  private var decoder = KeyDecoder()
  private var events: [Event] = []
  private let backgroundIsGiven: Bool

  /// Takes the terminal; waits at most 40 ms for it to tell its background.
  init(_ options: TerminalOptions = NcursesTerminal.environmentOptions) throws(UnusableTerminal) {
    let most: Int32 =
      switch options.depth {
      case .direct, nil: 0x100_0000
      case .indexed256: 256
      case .basic16: 16
      case .mono: 0
      }
    var info = ct_info()
    let status = ct_start(
      ct_options(most_colors: most, synchronised: options.synchronised, mouse: options.mouse),
      &info)
    guard status == CT_OK else { throw NcursesTerminal.error(status) }
    let granted = NcursesTerminal.depth(colors: info.colors)
    depth = options.depth.map { $0.isLess(than: granted) ? $0 : granted } ?? granted
    glyphs = info.unicode ? .braille : .ascii
    colors = TerminalColors(depth: depth)
    let now = ct_current_size()
    size = Size(columns: Int(now.columns), rows: Int(now.rows))
    aspect = NcursesTerminal.aspect(now)
    background = options.background ?? .dark
    backgroundIsGiven = options.background != nil
    if info.answers { askForBackground() }
  }

  deinit { ct_stop() }

  /// What the environment says about the terminal.
  static var environmentOptions: TerminalOptions {
    TerminalOptions { name in getenv(name).map { String(cString: $0) } }
  }

  /// The theme that suits this terminal.
  var theme: Theme {
    if let backgroundColor, !backgroundIsGiven {
      return Theme(depth: depth, backgroundColor: backgroundColor, glyphs: glyphs)
    }
    return Theme(depth: depth, background: background, glyphs: glyphs)
  }

  /// The signal that asked for the end (hang-up where the terminal vanished), or nil.
  var endSignal: Int32? {
    let signal = ct_end_signal()
    return signal == 0 ? nil : signal
  }

  /// The status to exit with: 0, or 128 + the signal that asked for the end.
  var exitStatus: Int32 { endSignal.map { 128 + $0 } ?? 0 }

  /// Makes a waiting `nextEvent` return; from any thread.
  static func wake() { ct_wake() }

  // MARK: Frames

  /// Shows a screen: only what differs from the last one is sent.
  ///
  /// A terminal that takes no bytes holds this call up, until it does or a signal asks for the end.
  mutating func present(_ screen: Screen) {
    let columns = min(screen.size.columns, size.columns)
    let rows = min(screen.size.rows, size.rows)
    let fresh = ct_begin() || shown.count != columns * rows || row.count != columns
    if fresh {
      ct_erase()
      let blank = ct_cell(scalar: 0x20, foreground: -1, background: -1, attributes: 0)
      shown = [ct_cell](repeating: blank, count: columns * rows)
      row = [ct_cell](repeating: blank, count: columns)
    }
    let codes = colors.codes(of: screen.palette)
    for y in 0..<rows {
      NcursesTerminal.resolve(screen, y, codes, into: &row)
      NcursesTerminal.send(row, y, shown: &shown)
    }
    let bytes = ct_flush()
    bytesLastFrame = max(0, Int(bytes))
    bytesWritten += bytesLastFrame
  }

  /// Writes row `y` of the screen into `row`, in the terminal's colours.
  private static func resolve(
    _ screen: Screen, _ y: Int, _ codes: [Int32], into row: inout [ct_cell]
  ) {
    let start = y * screen.size.columns
    screen.cells.withUnsafeBufferPointer { cells in
      codes.withUnsafeBufferPointer { codes in
        row.withUnsafeMutableBufferPointer { row in
          var blanks = 0
          for x in 0..<row.count {
            let cell = cells[start + x]
            var result = ct_cell(
              scalar: cell.scalar, foreground: codes[Int(cell.foreground.index)],
              background: codes[Int(cell.background.index)],
              attributes: UInt32(cell.attributes.rawValue))
            blanks = cell.scalar == 0x20 ? blanks + 1 : 0
            // A blank shows no strokes: in its neighbour's colours it costs one byte. In a long gap
            // the terminal's own are cheaper, since ncurses can skip or erase it.
            if blanks > 0, cell.attributes.isDisjoint(with: [.reverse, .underline]) {
              let neighbour = x > 0 ? row[x - 1] : result
              let lends =
                blanks <= 3 && x > 0 && neighbour.background == result.background
                && neighbour.attributes & UInt32(CT_REVERSE | CT_UNDERLINE) == 0
              result.foreground = lends ? neighbour.foreground : -1
              result.attributes = lends ? neighbour.attributes : 0
            }
            row[x] = result
          }
        }
      }
    }
  }

  /// Hands the part of `row` that differs from what is shown to ncurses.
  private static func send(_ row: [ct_cell], _ y: Int, shown: inout [ct_cell]) {
    let start = y * row.count
    shown.withUnsafeMutableBufferPointer { shown in
      row.withUnsafeBufferPointer { row in
        func differs(_ x: Int) -> Bool {
          let a = row[x]
          let b = shown[start + x]
          return a.scalar != b.scalar || a.foreground != b.foreground
            || a.background != b.background || a.attributes != b.attributes
        }
        var first = 0
        while first < row.count, !differs(first) { first += 1 }
        guard first < row.count else { return }
        var last = row.count - 1
        while !differs(last) { last -= 1 }
        for x in first...last { shown[start + x] = row[x] }
        ct_put(Int32(y), Int32(first), row.baseAddress! + first, Int32(last - first + 1))
      }
    }
  }

  mutating func repaint() {
    shown = []
    ct_invalidate()
  }

  // MARK: Events

  /// The next event, or nil after `timeout` or `wake()`. Suspends the process on Ctrl-Z; once the
  /// terminal is gone or a signal asked for the end, every call gives `.end`.
  mutating func nextEvent(within timeout: Duration) -> Event? {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while true {
      readKeys()
      if !events.isEmpty { return events.removeFirst() }
      if endSignal != nil { return .end }
      // What begins a sequence and stops has 50 ms to go on.
      let left = max(.zero, decoder.isPartial ? .milliseconds(50) : deadline - clock.now)
      let flags = ct_wait(left.microseconds)
      let resumed = flags & UInt32(CT_RESUMED) != 0
      if resumed || flags & UInt32(CT_RESIZED) != 0 { takeSize(resumed: resumed) }
      if flags & UInt32(CT_INPUT | CT_ENDED) != 0 { continue }
      if decoder.isPartial { take(decoder.flush()) }
      if !events.isEmpty { continue }
      if flags & UInt32(CT_WOKEN) != 0 || clock.now >= deadline { return nil }
    }
  }

  private mutating func readKeys() {
    while true {
      let code = ct_read()
      guard code != Int32(CT_KEY_NONE) else { break }
      take(decoder.feed(code))
    }
    // ncurses has waited for what follows an Esc.
    if decoder.isEscape { take(decoder.flush()) }
  }

  private mutating func take(_ inputs: [KeyDecoder.Input]) {
    for input in inputs {
      if let event = accept(input) { events.append(event) }
    }
  }

  /// Keeps what the terminal says about itself and passes events on.
  private mutating func accept(_ input: KeyDecoder.Input) -> Event? {
    switch input {
    case .event(let event): return event
    case .background(let color):
      backgroundColor = color
      guard !backgroundIsGiven else { return nil }
      background = color.luminance < 0.2 ? .dark : .light
      // As after a change of size: whoever draws looks at the terminal again.
      return .resize(size)
    }
  }

  private mutating func takeSize(resumed: Bool) {
    let now = ct_resize()
    let size = Size(columns: Int(now.columns), rows: Int(now.rows))
    let isNew = size != self.size
    self.size = size
    aspect = NcursesTerminal.aspect(now)
    if isNew { shown = [] }
    if isNew || resumed { events.append(.resize(size)) }
  }

  /// Keys that arrive while we wait for the answer are kept.
  private mutating func askForBackground() {
    ct_send("\u{1b}]11;?\u{1b}\\")
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(40)
    while backgroundColor == nil, clock.now < deadline, endSignal == nil {
      _ = ct_wait((deadline - clock.now).microseconds)
      readKeys()
    }
    events.removeAll { if case .resize = $0 { true } else { false } }
  }

  private static func depth(colors: Int32) -> ColorDepth {
    switch colors {
    case 257...: .direct
    case 256: .indexed256
    case 8...: .basic16
    default: .mono
    }
  }

  private static func aspect(_ size: ct_size) -> Double {
    (1.2...3.5).contains(size.aspect) ? size.aspect : 2
  }

  private static func error(_ status: ct_status) -> UnusableTerminal {
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    return switch status {
    case CT_NOT_A_TERMINAL: .notATerminal
    case CT_TERM_UNSET: .termUnset
    case CT_TERM_UNKNOWN: .termUnknown(name)
    case CT_NO_CURSOR_MOTION: .noCursorMotion(name)
    default: .system(String(cString: strerror(errno)))
    }
  }
}

extension ColorDepth {
  /// Whether it has fewer colours than `other`.
  fileprivate func isLess(than other: ColorDepth) -> Bool {
    // From the most to the fewest.
    let fewer = ColorDepth.allCases.drop { $0 != other }.dropFirst()
    return fewer.contains(self)
  }
}

extension Duration {
  fileprivate var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
