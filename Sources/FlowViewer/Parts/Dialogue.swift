import FlowMatching
import TerminalCanvas

/// What stands over the panes: questions, lists, captions, and what is said for a moment.
public struct Dialogue: Sendable {
  public internal(set) var overlay: AppState.Overlay?
  /// The page of help, counted from 0; small screens need several.
  var helpPage = 0
  /// What help is searched for; nil while it is only read.
  var helpQuery: String?
  /// Whether help begins with the keys of an exact world.
  var helpsWorld = false
  public internal(set) var flash: AppState.Flash?
  /// What is to be seen, in a paragraph; nil when it was closed.
  public internal(set) var caption: Caption? { didSet { captionPage = 0 } }
  /// Which of its pages is shown, where the screen has no room for all, counted from 0.
  var captionPage = 0
  /// The guided tour, while it lasts.
  public internal(set) var tour: Tour?
  /// The file that is being read.
  var reading: FileRequest?
  /// What was drawn last, to go on with, and how many drawings were taken.
  var lastDrawing = Drawing()
  var drawings = 0

  /// Says what was changed to what until a moment, by the loop's clock.
  mutating func say(_ saying: Saying, until: Double) {
    flash = AppState.Flash(text: "\(saying.what) → \(saying.value)", until: until)
  }

  /// Takes back what was said, once its time is over; true where something was.
  mutating func hush(at now: Double) -> Bool {
    guard let flash, now >= flash.until - 1e-9 else { return false }
    self.flash = nil
    return true
  }

  /// Opens help at the keys; from the keys goes on to the words, and from those closes it.
  mutating func turnHelp(on size: Size) {
    guard overlay == .help else {
      (helpQuery, helpPage, overlay) = (nil, 0, .help)
      return
    }
    let keys = HelpOverlay.keyPages(size, helpQuery ?? "", inWorld: helpsWorld)
    if helpPage < keys { helpPage = keys } else { overlay = nil }
  }

  /// Turns one page of help; after the last it is closed.
  mutating func turnHelpPage(on size: Size) {
    helpPage += 1
    if helpPage >= HelpOverlay.pageCount(size, helpQuery ?? "", inWorld: helpsWorld) {
      overlay = nil
    }
  }
}

/// A change that is named for a moment: what was changed, and to what.
struct Saying: Sendable, Equatable {
  let what: String
  let value: String

  init(_ what: String, _ value: String) {
    self.what = what
    self.value = value
  }
}
