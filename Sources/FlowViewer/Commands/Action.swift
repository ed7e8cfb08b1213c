/// What a key asks for.
public enum Action: Sendable, Hashable {
  case playPause
  case step(forward: Bool)
  case scrub(Double)
  case jump(Double)
  case again
  case newNoise
  case speed(Double)
  case resetSpeed
  case mode
  case pauseTraining
  case restartTraining
  case dataset(Int)
  case draw
  case solver(Int)
  case steps(finer: Bool)
  case schedule(Int)
  case noise
  case join
  case keep
  case particles(more: Bool)
  case split
  case focus(Int)
  case matching
  case colour
  case view(Int)
  case show(PlotView)
  case palette
  case parameters
  case density
  case arrows
  case distance
  case travel(Int)
  case bookmark
  case recall(Int)
  case map
  case axes
  case theme
  case glyphs
  case costs
  case follow(Int)
  case tag
  case chartSpan
  case trails
  case content
  case expand
  case link
  case zoom(Double)
  case fit
  case pan(x: Double, y: Double)
  case help
  case close
  case repaint
  case save
  case record
  case quit
}
