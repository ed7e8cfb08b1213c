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

extension Sphere: PicturedSpace {
  var names: (plot: String, beside: String) { ("globe", "whole sphere") }
  var pathWords: String { "geodesic path" }

  func chart(_ points: Batch) -> [SIMD2<Double>] {
    let n = points.count
    return (0..<n).map { j in
      let turns = atan2(points.values[n + j], points.values[j]) / (2 * .pi)
      return SIMD2(
        turns < 0 ? turns + 1 : turns,
        acos(min(1, max(-1, points.values[2 * n + j]))) / .pi)
    }
  }

  func point(u: Double, v: Double) -> [Double] {
    let vector = SurfaceChart.sphere(u: u, v: v)
    return [vector.x, vector.y, vector.z]
  }

  func projection(_ turning: Turning) -> any Projection {
    GlobeProjection(centre: turning.centre)
  }

  func wholeProjection(_ turning: Turning) -> any Projection {
    MollweideProjection(centre: turning.centre)
  }

  /// Africa and Europe come into view as a pass ends.
  var turning: Turning { Turning(around: 38, lean: 14, speed: -6, leanRange: -85...85) }

  func words(_ point: [Double]) -> String {
    let place = GeographicPlace(SIMD3(point[0], point[1], point[2]))
    return Turning.words(lean: place.latitude, around: place.longitude, gap: " ")
  }

  var turningName: String { "centre" }

  var tint: Double { 0.10 }
  var showsEdge: Bool { true }
  /// Paths are many and long enough on a globe.
  var marksParticles: Bool { false }
  var linesAreCuts: Bool { false }

  var wholeRows: Int { 18 }
  var wholeWords: String { "Mollweide, equal area" }

  func wholeLabels(_ theme: Theme, _ state: AppState) -> [Run] {
    [theme.run("rim of the globe ", .hint), theme.run("···", .accent)]
  }

  func rim(_ turning: Turning) -> Batch? { MollweideProjection(centre: turning.centre).rim() }

  func standing(_ turning: Turning) -> String { turning.placeWords }

  /// Half of them are on the far side.
  func particles(_ plane: Int) -> Int { plane < 2000 ? plane * 5 / 3 : 2 * plane }

  /// Meridians and parallels, 30° apart.
  var lines: [Batch] {
    func line(_ count: Int, _ place: (Double) -> (Double, Double)) -> Batch {
      Batch(
        points: (0...count).map {
          let (u, v) = place(Double($0) / Double(count))
          return point(u: u, v: v)
        })
    }
    return (0..<12).map { k in line(240) { (Double(k) / 12, 1.0 / 6 + $0 * 2 / 3) } }
      + (1..<6).map { k in line(720) { ($0, Double(k) / 6) } }
  }
}

extension Torus: PicturedSpace {
  var names: (plot: String, beside: String) { ("square", "doughnut") }
  var pathWords: String { "wrapped geodesics" }

  func chart(_ points: Batch) -> [SIMD2<Double>] {
    let n = points.count
    return (0..<n).map { j in
      SIMD2(
        SurfaceChart.unit(points.values[j] / (2 * .pi)),
        SurfaceChart.unit(points.values[n + j] / (2 * .pi)))
    }
  }

  func point(u: Double, v: Double) -> [Double] {
    [SquareProjection.wrapped(2 * .pi * u), SquareProjection.wrapped(2 * .pi * v)]
  }

  func projection(_ turning: Turning) -> any Projection { SquareProjection() }

  func wholeProjection(_ turning: Turning) -> any Projection {
    DoughnutProjection(spin: turning.around, tilt: turning.lean)
  }

  var turning: Turning { Turning(around: 0, lean: 44, speed: 8, leanRange: 0...90) }

  func words(_ point: [Double]) -> String {
    point.map { NumberFormat.fixed(SquareProjection.wrapped($0) / .pi, 2) + " π" }
      .joined(separator: ", ")
  }

  var turningName: String { "doughnut" }

  var tint: Double { 0.12 }
  var showsEdge: Bool { false }
  var marksParticles: Bool { true }
  var linesAreCuts: Bool { true }

  var wholeRows: Int { 21 }
  var wholeWords: String { "the same particles" }

  func wholeLabels(_ theme: Theme, _ state: AppState) -> [Run] {
    var runs: [Run] = []
    if let speed = state.turning?.speed, state.isTurning {
      runs = [theme.run("turns \(NumberFormat.axis(abs(speed)))°/s   ", .hint)]
    }
    return runs + [theme.run("cuts ", .hint), theme.run("····", .label)]
  }

  func rim(_ turning: Turning) -> Batch? { nil }

  func standing(_ turning: Turning) -> String {
    "turned \(Int(saturating: turning.around.rounded()))°, tilt \(Int(saturating: turning.lean.rounded()))°"
  }

  func particles(_ plane: Int) -> Int { plane }

  /// Both cuts that make a square of it.
  var lines: [Batch] {
    let steps = 480
    func line(_ place: (Double) -> [Double]) -> Batch {
      Batch(points: (0...steps).map { place(2 * .pi * Double($0) / Double(steps) - .pi) })
    }
    return [line { [.pi, $0] }, line { [$0, .pi] }]
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
    window.viewports = window.viewports.map { _ in .fitted }
  }

  /// Shows the noise at once: what was shown has other coordinates.
  mutating func standOnNoise() {
    for index in lanes.all.indices {
      lanes.all[index] = Lane(settings: lanes.all[index].settings, positions: particles.noise)
    }
    particles.shownNoise = particles.noise
    particles.picked = nil
    particles.tagged = []
    playback.filmFrames = []
  }
}

extension Experiment {
  /// The space of its points as it can be seen; nil for the plane.
  var picturedSpace: (any PicturedSpace)? { curvedSpace as? any PicturedSpace }
}
