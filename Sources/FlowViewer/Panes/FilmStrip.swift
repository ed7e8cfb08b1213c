import FlowMatching
import TerminalCanvas

/// The cloud at t = 0, 0.1 … 1, or between layers, above the time line; what lies ahead of t is fainter.
struct FilmStrip {
  static let columns = 11
  /// A cloud as it was binned last: the film changes less often than the screen.
  private struct Picture {
    var frame = Batch(dimension: 2, count: 0)
    var axes: PlotAxes?
    var scatter = ScatterDensity(blur: 0.9)
    var peak = 0.0
  }
  private var pictures: [Picture] = []
  /// What clouds on surfaces keep.
  private var surfaces = PlotCache()
  private var shown: [Int: (key: Shown, canvas: SurfaceCanvas)] = [:]

  mutating func draw(
    _ state: AppState, centres: [Int], into screen: inout Screen, in rect: Rect, theme: Theme
  ) {
    if let surface = state.surface, let turning = state.turning {
      return drawSurfaces(
        state, surface, surface.space.projection(turning.ofFilm), centres, into: &screen, in: rect,
        theme: theme)
    }
    if pictures.count != centres.count {
      pictures = [Picture](repeating: Picture(), count: centres.count)
    }
    let axes = centres.map { centre in
      PlotAxes(
        rect: Rect(
          x: centre - FilmStrip.columns / 2, y: rect.y, width: FilmStrip.columns,
          height: rect.height),
        x: state.xRange, y: state.yRange, alignsTicks: false)
    }
    let times = state.filmTimes
    let count = min(state.playback.filmFrames.count, centres.count, times.count)
    for index in 0..<count {
      let frame = state.playback.filmFrames[index]
      FilmStrip.bin(
        state.projection.picture(frame), axes[index], into: &pictures[index])
    }
    let peak = pictures[..<count].map(\.peak).max() ?? 0
    for index in 0..<count {
      let isAhead = times[index] > state.playback.clock.t + 1e-9
      pictures[index].scatter.draw(
        into: &screen, axes: axes[index], theme: theme,
        look: ScatterLook(maximum: peak, glows: false, fade: isAhead ? 0.58 : 0))
    }
  }

  /// The same drawing as the plot's, without its lines; clouds of one turn of the body.
  private mutating func drawSurfaces(
    _ state: AppState, _ surface: (space: any PicturedSpace, target: SurfaceTarget),
    _ projection: any Projection, _ centres: [Int], into screen: inout Screen, in rect: Rect,
    theme: Theme
  ) {
    let times = state.filmTimes
    for index in 0..<min(state.playback.filmFrames.count, centres.count, times.count) {
      let isAhead = times[index] > state.playback.clock.t + 1e-9
      let axes = PlotAxes(
        rect: Rect(
          x: centres[index] - FilmStrip.columns / 2, y: rect.y, width: FilmStrip.columns,
          height: rect.height),
        x: state.scene.xRange, y: state.scene.yRange, cellAspect: state.window.cellAspect,
        alignsTicks: false)
      var look = SurfaceLook()
      look.fade = isAhead ? 0.58 : 0
      look.showsLines = false
      look.showsEdge = false
      look.showsParticles = state.look.scenery.content != .target
      if state.look.scenery.content == .particles { look.tint = 0 }
      let key = Shown(
        frame: state.playback.filmFrames[index], axes: axes, shape: projection.shape,
        turn: projection.turn, isAhead: isAhead, content: state.look.scenery.content, theme: theme)
      if shown[index]?.key != key {
        let canvas = SurfacePlot(
          theme: theme, projection: projection, space: surface.space, target: surface.target,
          axes: axes
        ).canvas(key.frame, look, plots: &surfaces)
        shown[index] = (key, canvas)
      }
      shown[index]?.canvas.flush(into: &screen)
    }
  }

  /// What a picture on a surface was drawn of.
  private struct Shown: Equatable {
    let frame: Batch
    let axes: PlotAxes
    let shape: ProjectionShape
    let turn: Double
    let isAhead: Bool
    let content: Content
    let theme: Theme
  }

  private static func bin(_ frame: Batch, _ axes: PlotAxes, into picture: inout Picture) {
    guard picture.axes != axes || picture.frame != frame else { return }
    (picture.frame, picture.axes) = (frame, axes)
    let (n, dots) = (frame.count, PlaneProjection().picture(frame))
    picture.scatter.bin(x: dots.values[0..<n], y: dots.values[n..<2 * n], axes: axes)
    picture.peak = picture.scatter.peak()
  }
}
