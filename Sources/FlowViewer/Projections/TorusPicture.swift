import FlowMatching
import TerminalCanvas

extension Torus: PicturedSpace {
  var names: (plot: String, beside: String) { ("square", "doughnut") }
  var pathWords: String { "wrapped geodesics" }
  var hasPoles: Bool { false }

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
    "turned \(NumberFormat.fixed(turning.around, 0))°, tilt \(NumberFormat.fixed(turning.lean, 0))°"
  }

  func particles(_ plane: Int) -> Int { plane }

  var lines: [Batch] { Torus.cuts }

  /// Both cuts that make a square of it.
  private static let cuts: [Batch] = {
    let steps = 480
    func line(_ place: (Double) -> [Double]) -> Batch {
      Batch(points: (0...steps).map { place(2 * .pi * Double($0) / Double(steps) - .pi) })
    }
    return [line { [.pi, $0] }, line { [$0, .pi] }]
  }()
}
