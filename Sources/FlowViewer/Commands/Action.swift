/// What a key asks for, by the part of the viewer that answers it.
public enum Action: Sendable, Hashable {
  case time(TimeAction)
  case training(TrainingAction)
  case lanes(LaneAction)
  case view(ViewAction)
  case look(LookAction)
  case app(AppAction)
  case world(WorldAction)
}

/// How time runs.
public enum TimeAction: Sendable, Hashable {
  case playPause
  case step(forward: Bool)
  case scrub(Double)
  case jump(Double)
  case again
  case newNoise
  case speed(Double)
  case resetSpeed
  case mode
}

/// Training, its data and its weights.
public enum TrainingAction: Sendable, Hashable {
  case pause
  case restart
  case dataset(Int)
  case draw
  case travel(Int)
  case bookmark
  case recall(Int)
  case chartSpan
}

/// How the focused lane solves, and how lanes stand side by side.
public enum LaneAction: Sendable, Hashable {
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
  /// Turns the focused lane's dial so many strokes.
  case dial(Int)
}

/// What the plots show, and where.
public enum ViewAction: Sendable, Hashable {
  case colour
  case view(Int)
  case show(PlotView)
  case density
  case arrows
  case distance
  case follow(Int)
  case tag
  case trails
  case content
  case expand
  case link
  case zoom(Double)
  case fit
  case pan(x: Double, y: Double)
}

/// How it looks.
public enum LookAction: Sendable, Hashable {
  case map
  case axes
  case theme
  case glyphs
  case costs
  case lecture
}

/// Lists, help, files, and the way out.
public enum AppAction: Sendable, Hashable {
  case palette
  case parameters
  case help
  case close
  case repaint
  case save
  case record
  case quit
}
