/// What happened at the terminal.
public enum Event: Equatable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The terminal has another size.
  case resize(Size)
  /// The mouse did something.
  case mouse(MouseEvent)
  /// Text was pasted at once, between the marks of bracketed paste.
  case paste(String)
  /// The terminal's window gained (true) or lost the focus.
  case focus(Bool)
  /// The terminal is gone: nothing will come any more.
  case end
}

/// What the mouse did, and where.
public struct MouseEvent: Hashable, Sendable {
  /// The kinds of mouse events.
  public enum Action: Hashable, Sendable {
    /// A button went down or up, moved while down; the pointer moved; the wheel turned.
    case press, release, drag, move, wheelUp, wheelDown
  }

  /// The buttons; a wheel and a bare move have none.
  public enum Button: Hashable, Sendable {
    /// Which one.
    case none, left, middle, right
  }

  /// What was done.
  public var action: Action
  /// With which button.
  public var button: Button
  /// The column of the cell under the pointer, from 0.
  public var x: Int
  /// The row of the cell under the pointer, from 0.
  public var y: Int
  /// Whether Shift was held.
  public var shift: Bool

  /// A mouse event.
  public init(action: Action, button: Button = .none, x: Int, y: Int, shift: Bool = false) {
    self.action = action
    self.button = button
    self.x = x
    self.y = y
    self.shift = shift
  }
}
