/// A place that shows screens and reports events.
public protocol Terminal: ~Copyable {
  /// The extent in cells as last known.
  var size: Size { get }

  /// The bytes that the last screen took, as far as they can be told.
  var bytesLastFrame: Int { get }

  /// Shows a screen; what did not change since the last one costs nothing.
  mutating func present(_ screen: Screen)

  /// Sends every cell again with the next screen.
  mutating func repaint()

  /// The next event, or nil if none comes within `timeout`.
  mutating func nextEvent(within timeout: Duration) -> Event?
}
