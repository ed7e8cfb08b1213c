import FlowMatching
import TerminalCanvas

/// A data set that is being drawn by hand: a pen over the plot, and the points that it has put.
public struct Drawing: Sendable, Equatable {
  /// The most points that are put.
  static let limit = 4096
  /// Points of one dab of the pen.
  static let dab = 12

  /// Where the pen is, in the units of the plot.
  public internal(set) var x = 0.0, y = 0.0
  /// Every dab's points, one after the other.
  public private(set) var dabs: [Batch] = []

  /// How many points there are.
  public var count: Int { dabs.reduce(0) { $0 + $1.count } }

  /// Puts a dab at the pen, spread by that much.
  mutating func put(spread: Double) {
    guard count + Drawing.dab <= Drawing.limit else { return }
    var random = Random(seed: 0).stream("dab \(dabs.count)")
    var points = StandardNormal(dimension: 2).sample(count: Drawing.dab, using: &random)
    for j in 0..<points.count {
      points[0, j] = x + spread * points[0, j]
      points[1, j] = y + spread * points[1, j]
    }
    dabs.append(points)
  }

  /// Takes the last dab away.
  mutating func undo() { _ = dabs.popLast() }

  mutating func clear() { dabs = [] }

  /// All points; nil where there are none.
  var points: Batch? {
    guard count > 0 else { return nil }
    return Batch(
      dimension: 2,
      values: (0..<2).flatMap { row in
        dabs.flatMap { dab in (0..<dab.count).map { dab[row, $0] } }
      })
  }
}

/// Drawing a data set: keys and mouse while the mode lasts.
extension AppState {
  /// Begins to draw, on what was drawn last.
  mutating func beginDrawing() {
    if turning != nil { return say("drawing", "needs the plane") }
    var drawing = dialogue.lastDrawing
    let (x, y) = drawingRanges
    drawing.x = min(x.upperBound, max(x.lowerBound, drawing.x))
    drawing.y = min(y.upperBound, max(y.lowerBound, drawing.y))
    dialogue.overlay = .drawing(drawing)
    window.update(.release)
    revision += 1
  }

  /// The window that is drawn on.
  private var drawingRanges: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    plotAxes.map { ($0.xRange, $0.yRange) } ?? (xRange, yRange)
  }

  /// How far dabs spread: a hundredth of the window.
  private var spread: Double {
    let (x, y) = drawingRanges
    return 0.012 * max(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
  }

  mutating func draw(_ drawing: Drawing, _ key: Key) -> [Effect] {
    var drawing = drawing
    let (x, y) = drawingRanges
    let step = (x.upperBound - x.lowerBound) / 60
    revision += 1
    func move(_ dx: Double, _ dy: Double) {
      drawing.x = min(x.upperBound, max(x.lowerBound, drawing.x + dx * step))
      drawing.y = min(y.upperBound, max(y.lowerBound, drawing.y + dy * step))
    }
    switch key {
    case .left: move(-1, 0)
    case .right: move(1, 0)
    case .up: move(0, 1)
    case .down: move(0, -1)
    case .shiftLeft: move(-6, 0)
    case .shiftRight: move(6, 0)
    case .pageUp: move(0, 6)
    case .pageDown: move(0, -6)
    case .character(" "): drawing.put(spread: spread)
    case .backspace: drawing.undo()
    case .character("c"): drawing.clear()
    case .enter: return take(drawing)
    case .control("l"): return perform(.app(.repaint))
    case .escape, .character("q"):
      dialogue.lastDrawing = drawing
      dialogue.overlay = nil
      return key == .escape ? [] : perform(.app(.quit))
    default: break
    }
    dialogue.overlay = .drawing(drawing)
    return []
  }

  /// The pen follows a held button and puts points where it goes.
  mutating func draw(_ drawing: Drawing, _ mouse: MouseEvent) {
    guard mouse.action == .press || mouse.action == .drag, let axes = plotAxes,
      axes.rect.contains(mouse.x, mouse.y)
    else { return }
    var drawing = drawing
    (drawing.x, drawing.y) = axes.world(column: mouse.x, row: mouse.y)
    drawing.put(spread: spread)
    dialogue.overlay = .drawing(drawing)
    revision += 1
  }

  /// Asks whether to train on what was drawn.
  private mutating func take(_ drawing: Drawing) -> [Effect] {
    dialogue.lastDrawing = drawing
    guard let points = drawing.points else {
      say("drawing", "has no points yet, space puts some")
      return []
    }
    dialogue.drawings += 1
    ask(
      for: Dataset(
        name: "drawing \(dialogue.drawings)", points: points, on: experiment.curvedSpace))
    return []
  }

  /// Asks whether to train on data that are in no catalogue.
  mutating func ask(for data: Dataset) {
    dialogue.overlay = nil
    var next = experiment
    next.dataset = data.name
    let dimension = data.distribution.dimension
    if next.curvedSpace == nil { next.dimension = dimension }
    next.forgetGiven(missingIn: data)
    do { try next.validate(to: data) } catch {
      return say("data set", "cannot be that: \(error)", for: AppState.readingSeconds)
    }
    let count =
      data.mixture.map { "\($0.weights.count) Gaussian" + ($0.weights.count == 1 ? "" : "s") }
      ?? (data.distribution as? PointCloud).map {
        NumberFormat.grouped($0.points.count) + " points"
      }
    let words =
      next.curvedSpace == nil && dimension != 2
      ? " of \(dimension) coordinate" + (dimension == 1 ? "" : "s") : ""
    dialogue.overlay = .question(
      Question(next, "data set → \(data.name), \(count ?? data.title)" + words, on: data))
    revision += 1
  }
}

/// What became of a file of data that was asked for.
public enum LoadOutcome: Sendable {
  case data(Dataset)
  case failed(String)
}

extension AppState {
  mutating func receive(_ outcome: LoadOutcome) {
    switch outcome {
    case .data(let data):
      let (wanted, dimension) = (experiment.curvedSpace?.coordinates, data.distribution.dimension)
      guard wanted.map({ $0 == dimension }) ?? true else {
        return say(
          data.name, "has \(dimension) columns, its points need \(wanted ?? 2)", for: 4)
      }
      ask(for: data)
    case .failed(let reason):
      say("not read", reason, for: AppState.readingSeconds)
    }
  }
}
