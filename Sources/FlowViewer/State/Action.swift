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
  case solver(Int)
  case steps(finer: Bool)
  case particles(more: Bool)
  case split
  case focus(Int)
  case matching
  case colour
  case view(Int)
  case density
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
  case quit
}
