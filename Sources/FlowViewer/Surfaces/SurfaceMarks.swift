import FlowMatching
import TerminalCanvas

/// A few particles with their whole paths that are the same in every picture of a space, so that the eye
/// finds one in the other: `○` where they started, `●` where they are.
///
/// White where colour means something else, and hues where that is free.
struct SurfaceMarks {
  let theme: Theme
  private static let count = 8
  private static let samples = 48
  private static let fades = [0.62, 0.34, 0]

  func draw(
    _ state: AppState, _ projection: any Projection, _ axes: PlotAxes, into screen: inout Screen
  ) {
    guard state.experiment.picturedSpace?.marksParticles == true, state.followed == nil,
      state.look.scenery.content != .target
    else { return }
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let t = state.focusedLane.t
    guard solve.knows(t), solve.settings.isDeterministic, !solve.trajectory.times.isEmpty else {
      return
    }
    let chosen = SurfaceMarks.chosen(solve)
    var paths = Batch(dimension: solve.trajectory.dimension, count: (chosen.max() ?? 0) + 1)
    solve.trajectory.positionOfFirst(at: 0, into: &paths)
    var from = SurfaceMarks.picked(chosen, paths)
    let start = from
    let thirds = SurfaceMarks.samples / SurfaceMarks.fades.count
    for (index, fade) in SurfaceMarks.fades.enumerated() where t > 0 {
      var grid = DotGrid(axes.rect.size)
      for step in index * thirds + 1...(index + 1) * thirds {
        solve.trajectory.positionOfFirst(
          at: t * Double(step) / Double(SurfaceMarks.samples), into: &paths)
        let to = SurfaceMarks.picked(chosen, paths)
        grid.segments(axes, from: from, to: to, through: projection)
        from = to
      }
      let style = theme.faded(theme.style(.title), fade)
      grid.draw(
        into: &screen, in: axes.rect,
        style: Style(foreground: style.foreground, attributes: style.attributes),
        glyphs: theme.glyphs)
    }
    put(projection, start, theme.glyphs == .braille ? "○" : "o", 0.34, axes, into: &screen)
    put(projection, from, theme.glyphs.bullet, 0, axes, into: &screen)
  }

  private func put(
    _ projection: any Projection, _ points: Batch, _ glyph: Unicode.Scalar, _ fade: Double,
    _ axes: PlotAxes, into screen: inout Screen
  ) {
    let picture = projection.picture(points)
    let style = theme.faded(theme.style(.title), fade)
    for j in 0..<picture.count {
      for shift in projection.copies {
        let (x, y) = (picture[0, j] + shift.x, picture[1, j] + shift.y)
        guard let cell = axes.cell(x: x, y: y),
          projection.window.map({ $0.x.contains(x) && $0.y.contains(y) }) ?? true
        else { continue }
        screen.set(
          cell.column, cell.row, glyph,
          style: Style(foreground: style.foreground, attributes: style.attributes))
      }
    }
  }

  private static func picked(_ chosen: [Int], _ points: Batch) -> Batch {
    Batch(points: chosen.map(points.point))
  }

  /// Some that go around the space, so that a picture which is cut open shows how its edges meet, and some
  /// of the others.
  private static func chosen(_ solve: Solve) -> [Int] {
    let end = min(solve.frontier, 1)
    var (first, last) = (
      Batch(dimension: solve.trajectory.dimension, count: min(solve.count, 600)),
      Batch(dimension: solve.trajectory.dimension, count: min(solve.count, 600))
    )
    solve.trajectory.positionOfFirst(at: 0, into: &first)
    solve.trajectory.positionOfFirst(at: end, into: &last)
    func crosses(_ j: Int) -> Bool {
      (0..<first.dimension).contains { abs(last[$0, j]) > .pi && abs(first[$0, j]) <= .pi }
    }
    func length(_ j: Int) -> Double {
      (0..<first.dimension).reduce(0) {
        $0 + (last[$1, j] - first[$1, j]) * (last[$1, j] - first[$1, j])
      }
    }
    // Those that go far are seen to go.
    let far = (0..<first.count).map { (index: $0, length: length($0)) }
      .filter { $0.length.isFinite }.sorted { $0.length > $1.length }.map(\.index)
    let around = far.filter(crosses).prefix(count / 2)
    let rest = far.prefix(8 * count).enumerated()
      .filter { $0.offset % 8 == 3 && !crosses($0.element) }.map(\.element)
      .prefix(count - around.count)
    return (around + rest).sorted()
  }
}
