import FlowMatching
import TerminalCanvas

extension Sphere: PicturedSpace {
  var names: (plot: String, beside: String) { ("globe", "whole sphere") }
  var pathWords: String { "geodesic path" }
  var hasPoles: Bool { true }

  func chart(_ points: Batch) -> [SIMD2<Double>] { places(points) }

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

  var lines: [Batch] { Sphere.graticule }

  /// Meridians and parallels, 30° apart.
  private static let graticule: [Batch] = {
    func line(_ count: Int, _ place: (Double) -> (Double, Double)) -> Batch {
      Batch(
        points: (0...count).map {
          let (u, v) = place(Double($0) / Double(count))
          return Sphere().point(u: u, v: v)
        })
    }
    return (0..<12).map { k in line(240) { (Double(k) / 12, 1.0 / 6 + $0 * 2 / 3) } }
      + (1..<6).map { k in line(720) { ($0, Double(k) / 6) } }
  }()
}
