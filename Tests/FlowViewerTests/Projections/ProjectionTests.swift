import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Projections")
struct ProjectionTests {
  @Test("Points of the plane are drawn where they are, to the bit")
  func plane() {
    let points = Batch(points: [[1, 2], [-3, 0.1], [.nan, 4]])
    let picture = PlaneProjection().picture(points)
    #expect(picture.values[0] == 1 && picture.values[3] == 2 && picture.values[2].isNaN)
    #expect(PlaneProjection().picture(points.prefix(2)) == points.prefix(2))
  }

  @Test(
    "A globe shows its centre in the middle, north above, east at the right, the far side nowhere")
  func globe() {
    let globe = GlobeProjection(centre: GeographicPlace(longitude: 30, latitude: 40))
    func seen(_ longitude: Double, _ latitude: Double) -> (x: Double, y: Double) {
      let v = GeographicPlace(longitude: longitude, latitude: latitude).vector
      return globe.place(Batch(points: [[v.x, v.y, v.z]]), 0)
    }
    let centre = seen(30, 40)
    #expect(abs(centre.x) < 1e-12 && abs(centre.y) < 1e-12)
    #expect(seen(30, 60).y > 0.3 && abs(seen(30, 60).x) < 1e-12)
    #expect(seen(60, 40).x > 0.3)
    #expect(seen(-150, -40).x.isNaN && seen(-150, -30).y.isNaN)
  }

  @Test("What a globe shows at a place lifts to the point that is drawn there, and to the chart's")
  func globeLift() throws {
    let globe = GlobeProjection(centre: GeographicPlace(longitude: -110, latitude: 23))
    for (x, y) in [(0.0, 0.0), (0.6, -0.3), (-0.2, 0.95), (0.01, -0.99)] {
      let point = try #require(globe.lift(x: x, y: y))
      let back = globe.place(Batch(points: [point]), 0)
      #expect(abs(back.x - x) < 1e-12 && abs(back.y - y) < 1e-12)
      let place = try #require(globe.surface(x: x, y: y))
      let charted = Sphere().chart(Batch(points: [point]))[0]
      let turned = SurfaceChart.unit(place.u + globe.turn)
      #expect(abs(SquareProjection.wrapped(2 * .pi * (turned - charted.x))) < 1e-9)
      #expect(abs(place.v - charted.y) < 1e-9)
    }
    #expect(globe.lift(x: 0.8, y: 0.7) == nil && globe.surface(x: 0.8, y: 0.7) == nil)
  }

  @Test("A globe foreshortens tangents as it does the way between two points")
  func directions() {
    let globe = GlobeProjection(centre: GeographicPlace(longitude: 10, latitude: 50))
    let x = Sphere().uniform(200)
    var v = Sphere().uniform(200, seed: 8)
    Sphere().makeTangent(&v, at: x)
    var moved = x
    Sphere().move(&moved, along: v, by: 1e-6)
    let (from, to, arrows) = (globe.picture(x), globe.picture(moved), globe.directions(v, at: x))
    for k in from.values.indices where from.values[k].isFinite && to.values[k].isFinite {
      #expect(abs((to.values[k] - from.values[k]) / 1e-6 - arrows.values[k]) < 1e-5)
    }
  }

  @Test("Mollweide's ellipse has equal areas: each smaller one has its share of uniform points")
  func equalAreas() {
    let points = Sphere().uniform(40_000)
    let picture = MollweideProjection(centre: GeographicPlace(longitude: 0, latitude: 0))
      .picture(points)
    for scale in [0.25, 0.5, 0.8, 0.95] {
      let inside = (0..<picture.count).count { j in
        let (x, y) = (picture[0, j], picture[1, j])
        return x * x / 8 + y * y / 2 < scale * scale
      }
      // Five standard deviations of a share of so many points.
      let share = scale * scale
      let deviation = (share * (1 - share) / Double(picture.count)).squareRoot()
      #expect(abs(Double(inside) / Double(picture.count) - share) < 5 * deviation)
    }
  }

  @Test("Mollweide's places lift to the points that are drawn there")
  func mollweideLift() throws {
    let map = MollweideProjection(centre: GeographicPlace(longitude: 0, latitude: 0))
    for (x, y) in [(0.0, 0.0), (2.1, -0.4), (-1.0, 1.2)] {
      let back = map.place(Batch(points: [try #require(map.lift(x: x, y: y))]), 0)
      #expect(abs(back.x - x) < 1e-3 && abs(back.y - y) < 1e-3)
    }
    #expect(map.lift(x: 2.8, y: 0.9) == nil)
    #expect((0..<map.rim().count).allSatisfy { map.picture(map.rim())[0, $0].isFinite })
  }

  @Test("A square shows angles of any turn at one place, and itself again a turn further")
  func square() {
    let square = SquareProjection()
    let picture = square.picture(Batch(points: [[0.5, -3], [0.5 + 2 * .pi, -3 - 4 * .pi]]))
    #expect(abs(picture[0, 0] - picture[0, 1]) < 1e-12)
    #expect(abs(picture[1, 0] - picture[1, 1]) < 1e-12)
    #expect(square.copies.count == 9 && square.copies[0] == SIMD2(0, 0))
  }

  @Test(
    "A doughnut hides what faces away and what lies behind the ring, as a walk along the ray finds")
  func doughnut() {
    let doughnut = DoughnutProjection(spin: 20, tilt: 60)
    let points = Torus().uniform(800)
    let picture = doughnut.picture(points)
    var hidden = 0
    for j in 0..<points.count where picture[0, j].isFinite {
      // The first thing that the ray to a seen point meets is that point.
      guard let lifted = doughnut.lift(x: picture[0, j], y: picture[1, j]) else {
        Issue.record("nothing is seen where point \(j) is drawn")
        continue
      }
      for i in 0..<2 {
        #expect(abs(SquareProjection.wrapped(lifted[i] - points[i, j])) < 0.05)
      }
    }
    for j in 0..<points.count where picture[0, j].isNaN { hidden += 1 }
    // More than half: some of what faces the viewer is behind the ring.
    #expect(hidden > points.count / 2 && hidden < points.count * 3 / 4)
  }

  @Test("A spun doughnut shows the same surface, its chart a share of a turn further")
  func spin() throws {
    let (still, spun) = (
      DoughnutProjection(spin: 0, tilt: 44), DoughnutProjection(spin: 90, tilt: 44)
    )
    #expect(still.shape == spun.shape)
    let lifted = try #require(still.lift(x: 0.9, y: -0.5))
    let turned = try #require(spun.lift(x: 0.9, y: -0.5))
    #expect(abs(SquareProjection.wrapped(lifted[0] - turned[0] - .pi / 2)) < 1e-9)
    #expect(abs(lifted[1] - turned[1]) < 1e-9)
  }
}
