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
      scenery: look.scenery, viewports: window.viewports, t: playback.clock.wanted,
      noiseIndex: particles.noiseIndex,
      picked: particles.picked, travel: training.travel)
    training.bookmarks.append(mark)
    if training.bookmarks.count > AppState.bookmarkLimit { training.bookmarks.removeFirst() }
    training.bookmark = training.bookmarks.count - 1
    say("bookmark", "\(training.bookmarks.count) set")
  }

  /// Goes to the bookmark before or after the last one that was seen, round and round.
  mutating func recall(_ offset: Int) {
    guard !training.bookmarks.isEmpty else { return say("bookmarks", "none yet, b sets one") }
    training.bookmark =
      ((training.bookmark + offset) % training.bookmarks.count + training.bookmarks.count)
      % training.bookmarks.count
    let mark = training.bookmarks[training.bookmark]
    playback.openingEnd = nil
    look.scenery = mark.scenery
    // It may have been set on other data, which had other views and coordinates.
    if !has(look.scenery.view) { look.scenery.view = views[0] }
    if let axes = look.scenery.shownAxes, axes.contains(where: { $0 >= experiment.dimension }) {
      look.scenery.shownAxes = nil
    }
    window.update(.recall(mark.viewports))
    particles.update(.follow(mark.picked))
    showPlot()
    if training.travel != mark.travel { travel(to: mark.travel) }
    if particles.noiseIndex != mark.noiseIndex {
      particles.update(.number(mark.noiseIndex))
      setNoise(count: particleCount)
    }
    playback.pendingSteps = 0
    playback.clock.pause()
    playback.clock.seek(mark.t)
    say("bookmark", "\(training.bookmark + 1) of \(training.bookmarks.count)")
  }
}
