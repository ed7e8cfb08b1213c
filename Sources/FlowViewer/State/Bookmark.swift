import FlowMatching
import TerminalCanvas

/// A place to come back to: a view, its window, a time and a noise.
public struct Bookmark: Sendable, Hashable {
  let scenery: Scenery
  let viewports: [Viewport]
  let t: Double
  let noiseIndex: Int
  let picked: Int?
  let travel: Int?
}

extension AppState {
  /// How many bookmarks are kept; the oldest goes first.
  static let bookmarkLimit = 32

  mutating func addBookmark() {
    let mark = Bookmark(
      scenery: scenery, viewports: viewports, t: clock.wanted, noiseIndex: noiseIndex,
      picked: picked, travel: travel)
    bookmarks.append(mark)
    if bookmarks.count > AppState.bookmarkLimit { bookmarks.removeFirst() }
    bookmark = bookmarks.count - 1
    say("bookmark", "\(bookmarks.count) set")
  }

  /// Goes to the bookmark before or after the last one that was seen, round and round.
  mutating func recall(_ offset: Int) {
    guard !bookmarks.isEmpty else { return say("bookmarks", "none yet, b sets one") }
    bookmark = ((bookmark + offset) % bookmarks.count + bookmarks.count) % bookmarks.count
    let mark = bookmarks[bookmark]
    openingEnd = nil
    scenery = mark.scenery
    viewports = mark.viewports
    picked = mark.picked
    if layout.rect(of: focusedPane) == nil { focusedPane = .plot }
    if expanded != nil { expanded = .plot }
    if travel != mark.travel { travel(to: mark.travel) }
    if noiseIndex != mark.noiseIndex {
      noiseIndex = mark.noiseIndex
      setNoise(count: particleCount)
    }
    pendingSteps = 0
    clock.pause()
    clock.seek(mark.t)
    say("bookmark", "\(bookmark + 1) of \(bookmarks.count)")
  }
}
