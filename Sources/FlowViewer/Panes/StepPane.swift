import FlowMatching
import TerminalCanvas

/// One step of training in five pictures: pairs, points between them, the velocities wanted there, those that
/// the network says, and what the gradient changes in the field.
struct StepPane: PlotPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    guard let lesson = state.probes.lesson, state.complaintOfSteps == nil else {
      return PlotFrame(theme: theme, title: "one step").draw(state, into: &screen, in: rect) {
        _, inner, screen in
        PlotFrame(theme: theme, title: "").draw(
          "One step " + (state.complaintOfSteps ?? "is drawn …"), into: &screen, in: inner)
      }
    }
    let words = StepWords(theme: theme, lesson: lesson)
    PlotFrame(
      theme: theme, title: "one step", heading: words.heading(width: rect.width),
      labels: words.labels(width: rect.width)
    ).draw(state, into: &screen, in: rect) { axes, inner, screen in
      drawEnds(lesson, axes, state, into: &screen)
      let change = lesson.stage == .changed ? drawChange(lesson, axes, state, into: &screen) : nil
      drawArrows(lesson, axes, into: &screen)
      words.drawCaption(change: change, into: &screen, in: inner.split(bottom: 2).first)
    }
  }

  /// The ends of every pair with the way between them.
  private func drawEnds(
    _ lesson: StepLesson, _ axes: PlotAxes, _ state: AppState, into screen: inout Screen
  ) {
    let step = lesson.shown
    var ways = DotGrid(axes.rect.size)
    let isFaint = lesson.stage.rawValue >= StepLesson.Stage.wanted.rawValue
    let count = 16
    for j in 0..<step.source.count {
      var last = (x: step.source[0, j], y: step.source[1, j])
      for k in 1...count {
        let path = state.experiment.pathCoefficients(at: Double(k) / Double(count))
        let next = (
          x: path.alpha * step.target[0, j] + path.sigma * step.source[0, j],
          y: path.alpha * step.target[1, j] + path.sigma * step.source[1, j]
        )
        ways.line(axes, from: last, to: next)
        last = next
      }
    }
    ways.draw(
      into: &screen, in: axes.rect, style: theme.faded(theme.style(.raw), isFaint ? 0.5 : 0),
      glyphs: theme.glyphs)
    for j in 0..<step.source.count {
      mark(step.source, j, "○", isFaint ? .border : .lane2, axes, into: &screen)
      mark(step.target, j, "●", isFaint ? .border : .lane1, axes, into: &screen)
    }
  }

  /// The points and the velocities there, a unit of time shrunk so that arrows do not hide each other.
  private func drawArrows(_ lesson: StepLesson, _ axes: PlotAxes, into screen: inout Screen) {
    let step = lesson.shown
    var kinds: [(Batch, Role)] = []
    switch lesson.stage {
    case .pairs, .points: break
    case .wanted: kinds = [(step.wanted, .lane2)]
    case .said: kinds = [(step.wanted, .lane2), (step.before, .lane1)]
    case .changed: kinds = [(step.before, .lane1), (step.after, .lane3)]
    }
    for (velocity, role) in kinds {
      var grid = DotGrid(axes.rect.size)
      for j in 0..<step.points.count {
        let start = (x: step.points[0, j], y: step.points[1, j])
        grid.arrow(
          axes, from: start,
          to: (
            start.x + StepWords.length * velocity[0, j],
            start.y + StepWords.length * velocity[1, j]
          ))
      }
      grid.draw(into: &screen, in: axes.rect, style: theme.style(role), glyphs: theme.glyphs)
    }
    guard lesson.stage != .pairs else { return }
    for j in 0..<step.points.count { mark(step.points, j, "•", .accent, axes, into: &screen) }
  }

  /// What the step changes in the whole field at the clock's t, so much longer that the longest is as long as a
  /// gap of the grid; returns by how much.
  private func drawChange(
    _ lesson: StepLesson, _ axes: PlotAxes, _ state: AppState, into screen: inout Screen
  ) -> Double? {
    let (columns, rows) = (axes.rect.width / 6, axes.rect.height / 3)
    guard columns > 0, rows > 0 else { return nil }
    var places: [[Double]] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let place = axes.world(
          column: axes.rect.x + 6 * column + 3, row: axes.rect.y + 3 * row + 1)
        places.append([place.x, place.y])
      }
    }
    let points = Batch(points: places)
    let step = lesson.shown
    var (old, new) = (points, points)
    let before =
      lesson.steps.count > 1 ? lesson.steps[lesson.steps.count - 2].weights : lesson.start
    var (first, second) = (state.network(of: before), state.network(of: step.weights))
    first.evaluate(points, at: .shared(state.playback.clock.t), into: &old)
    second.evaluate(points, at: .shared(state.playback.clock.t), into: &new)
    var longest = 0.0
    for j in 0..<points.count {
      let (x, y) = (new[0, j] - old[0, j], new[1, j] - old[1, j])
      longest = max(longest, (x * x + y * y).squareRoot())
    }
    guard longest > 0, longest.isFinite else { return nil }
    let scale = 5 * 2 * axes.unitsPerDotX / longest
    var grid = DotGrid(axes.rect.size)
    for j in 0..<points.count {
      let start = (x: points[0, j], y: points[1, j])
      grid.line(
        axes, from: start,
        to: (
          start.x + scale * (new[0, j] - old[0, j]), start.y + scale * (new[1, j] - old[1, j])
        ))
    }
    grid.draw(into: &screen, in: axes.rect, style: theme.style(.label), glyphs: theme.glyphs)
    return scale
  }

  private func mark(
    _ points: Batch, _ j: Int, _ glyph: Character, _ role: Role, _ axes: PlotAxes,
    into screen: inout Screen
  ) {
    guard let cell = axes.cell(x: points[0, j], y: points[1, j]) else { return }
    screen.write([theme.run(String(glyph), role)], x: cell.column, y: cell.row, clip: axes.rect)
  }
}

extension DotGrid {
  /// A line with a head of two short strokes at its end.
  fileprivate mutating func arrow(
    _ axes: PlotAxes, from start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) {
    line(axes, from: start, to: end)
    let (dx, dy) = (
      (end.x - start.x) / axes.unitsPerDotX, (end.y - start.y) / axes.unitsPerDotY
    )
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 4, length.isFinite else { return }
    for side in [-1.0, 1] {
      // Back along the way, turned by a quarter of a right angle and a bit.
      let (x, y) = (-0.8 * dx - side * 0.6 * dy, -0.8 * dy + side * 0.6 * dx)
      line(
        axes, from: end,
        to: (end.x + 3 * x / length * axes.unitsPerDotX, end.y + 3 * y / length * axes.unitsPerDotY)
      )
    }
  }
}
