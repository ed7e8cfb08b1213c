import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A curved space that can be seen: what another one has to say of itself in a file of its own.
protocol PicturedSpace: Space {
  /// What the main plot shows, and the pane beside it.
  var names: (plot: String, beside: String) { get }
  /// Whether the rows of its chart shrink to two poles, as those of a sphere; else both coordinates go
  /// around.
  var hasPoles: Bool { get }
  /// The coordinates of the chart of every point.
  func chart(_ points: Batch) -> [SIMD2<Double>]
  /// The point of a place of the chart.
  func point(u: Double, v: Double) -> [Double]
  /// The main plot, turned so far.
  func projection(_ turning: Turning) -> any Projection
  /// The picture beside it.
  func wholeProjection(_ turning: Turning) -> any Projection
  /// How it stands at first.
  var turning: Turning { get }
  /// What its paths are called.
  var pathWords: String { get }
  /// A point as people write it, “14° N 24° E”.
  func words(_ point: [Double]) -> String
  /// What it is that stands somewhere, and where, in words: “centre”, “14° N  24° E”.
  var turningName: String { get }
  func standing(_ turning: Turning) -> String
  /// How much lighter the target's part of the surface is, and whether its edge is drawn.
  var tint: Double { get }
  var showsEdge: Bool { get }
  /// Whether its lines are cuts, which are seen over the particles.
  var linesAreCuts: Bool { get }
  /// Whether a few particles are marked in every picture, to be found again.
  var marksParticles: Bool { get }
  /// The rows of the picture beside, of 31 that it shares with charts.
  var wholeRows: Int { get }
  /// What the picture beside is, and its labels.
  var wholeWords: String { get }
  func wholeLabels(_ theme: Theme, _ state: AppState) -> [Run]
  /// The edge of what the main plot shows, drawn beside it; nil where it shows all.
  func rim(_ turning: Turning) -> Batch?
  /// As many particles as the plane has on such a screen, or more where not all are seen.
  func particles(_ plane: Int) -> Int
  /// Lines of the space that lead the eye, as rows of points: a graticule, or cuts.
  var lines: [Batch] { get }
}

/// Charts: both coordinates in 0 ..< 1.
enum SurfaceChart {
  /// The fraction of a number of turns.
  static func unit(_ turns: Double) -> Double {
    let rest = turns - turns.rounded(.down)
    return rest < 1 ? rest : 0
  }

  /// The vector of longitude 2πu and colatitude πv.
  static func sphere(u: Double, v: Double) -> SIMD3<Double> {
    let (around, down) = (2 * .pi * u, .pi * v)
    return SIMD3(sin(down) * cos(around), sin(down) * sin(around), cos(down))
  }
}

extension PicturedSpace {
  /// The window of the main plot, with a little air around a body.
  var plotWindow: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let projection = projection(turning)
    let box = projection.window ?? (-1...1, -1...1)
    let air = projection.shading == .body ? 1.02 : 1
    func wider(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      air * range.lowerBound...air * range.upperBound
    }
    return (wider(box.x), wider(box.y))
  }
}

extension AppState {
  /// How points come to lie in the plots.
  var projection: any Projection {
    if let axesProjection { return axesProjection }
    guard let turning, let space = experiment.picturedSpace else { return PlaneProjection() }
    return space.projection(turning)
  }

  /// The space of the points with its target, where it is a curved one.
  var surface: (space: any PicturedSpace, target: SurfaceTarget)? {
    guard let space = experiment.picturedSpace, let target = scene.surface else { return nil }
    return (space, target)
  }

  /// Lets a body stand as it first does, where another space is shown than before.
  mutating func faceSpace(before: String?) {
    guard experiment.space != before || (turning == nil) != (experiment.picturedSpace == nil)
    else { return }
    turning = experiment.picturedSpace?.turning
    window.update(.recall(window.viewports.map { _ in .fitted }))
  }

  /// Shows the noise at once: what was shown has other coordinates.
  mutating func standOnNoise() {
    lanes.update(.stand(particles.noise))
    particles.update(.show)
    particles.update(.restore(picked: nil, tagged: []))
    playback.filmFrames = []
  }
}

extension Experiment {
  /// The space of its points as it can be seen; nil for the plane.
  var picturedSpace: (any PicturedSpace)? { curvedSpace as? any PicturedSpace }
}
