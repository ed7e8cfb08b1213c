import Testing

@testable import FlowMatching

@Suite struct GeodesicFieldTests {
  /// Where no two data are near each other.
  private static let sphereData: [[Double]] = [
    [1, 0.2, -0.3], [-0.5, 0.8, 0.1], [0, -1, 0.4], [-0.7, -0.3, -0.6], [0.2, 0.3, 0.9],
  ]
  private static let torusData: [[Double]] = [
    [2.709, -2.985], [0.632, 2.828], [-1.695, 0.305], [2.571, -2.305], [0.147, 1.573],
    [1.062, -0.203],
  ]

  private static var sphere: SpherePointField {
    var points = Batch(points: sphereData)
    Sphere().settle(&points)
    return SpherePointField(points: points)
  }
  private static let torus = TorusPointField(points: Batch(points: torusData))

  @Test("the field to points of the sphere is that of an independent program")
  func sphereOracle() {
    // Velocity, log-density and, by differences of it there, divergence.
    let rows: [(x: [Double], t: Double, u: [Double], logDensity: Double, divergence: Double)] = [
      (
        [0.3, -0.5, 0.8], 0.25, [0.0636986396384357, 0.156460242625945, 0.0739006617768025],
        -2.4695968495776, 0.707446610004
      ),
      (
        [-0.6, 0.2, 0.1], 0.5, [0.0397783258487449, 0.390398385698523, -0.542126816304577],
        -2.48774362749878, 0.943760909031
      ),
      (
        [0.1, 0.9, -0.4], 0.05, [-0.0914599152041412, 0.0843228945329762, 0.166861533898161],
        -2.69311672088212, -1.20433161669
      ),
      (
        [0.5, 0.4, 0.7], 0.7, [-0.960330692025169, -0.274380197721477, 0.842739178715965],
        -2.00960947061275, -6.49411796562
      ),
    ]
    for row in rows {
      var (field, x) = (Self.sphere, Batch(points: [row.x]))
      Sphere().settle(&x)
      #expect(distance(field.velocity(x, at: row.t).point(0), row.u) < 1e-12)
      #expect(abs(field.logDensity(x, at: .shared(row.t))[0] - row.logDensity) < 1e-12)
      #expect(abs(field.divergence(x, at: row.t)[0] - row.divergence) < 1e-9)
    }
  }

  @Test("the field to points of the torus is that of an independent program")
  func torusOracle() {
    let rows: [(x: [Double], t: Double, u: [Double], logDensity: Double)] = [
      ([3.0, -2.9], 0.2, [-1.28666667, -0.01882721], -3.9226142107502167),
      ([-1, 0.5], 0.5, [0.452, 0.878], -3.38807206036691),
      ([0.7, 2.2], 0.4, [0.69444444, 0.98843628], -3.3472500658466546),
    ]
    for row in rows {
      var (field, x) = (Self.torus, Batch(points: [row.x]))
      #expect(distance(field.velocity(x, at: row.t).point(0), row.u) < 1e-8)
      #expect(abs(field.logDensity(x, at: .shared(row.t))[0] - row.logDensity) < 1e-12)
    }
  }

  @Test("the fields to mixtures and boards of the torus are those of an independent program")
  func productOracle() throws {
    typealias Row = (
      x: [Double], t: Double, u: [Double], logDensity: Double, divergence: Double
    )
    let mixture: [Row] = [
      (
        [3.0, -2.9], 0.2, [1.88308435280845, 0.0780443303899232], -3.35110976250749, -1.0327607554
      ),
      ([-1, 0.5], 0.6, [-0.472269171053473, -1.96190498418661], -3.42849961995882, 1.1712718224),
      ([0.7, 2.2], 0.9, [1.42895642356876, -2.58160481481946], -14.3378429799597, -2.4586541992),
      (
        [-1.3, -0.9], 0.98, [0.208690155592952, 0.155843654463096], -0.625884570320478,
        -2.0749166901
      ),
    ]
    let board: [Row] = [
      (
        [3.0, -2.9], 0.2, [0.0719810014120325, -0.0530101452830742], -3.73036553837211, 0.4134139857
      ),
      ([-1, 0.5], 0.6, [-0.39894650767245, 0.0492683074016696], -3.7118283752873, 0.4687089069),
      ([0.7, 2.2], 0.8, [-1.82280002256642, 0.317686202914441], -4.23307760170365, 2.603201773),
    ]
    for (dataset, rows) in [
      (DatasetCatalog.torusMixture, mixture), (DatasetCatalog.torusCheckerboard, board),
    ] {
      var field = try #require(dataset.geodesicField)
      for row in rows {
        let x = Batch(points: [row.x])
        #expect(distance(field.velocity(x, at: row.t).point(0), row.u) < 1e-11, "\(row)")
        #expect(abs(field.logDensity(x, at: .shared(row.t))[0] - row.logDensity) < 1e-11)
        #expect(abs(field.divergence(x, at: row.t)[0] - row.divergence) < 2e-9, "\(row)")
      }
    }
  }

  /// The fields that the tests below are about, some draws of each at a time, away from edges.
  private func cases(_ t: Double) throws -> [(field: any GeodesicField, x: Batch)] {
    try [
      Self.sphere, Self.torus, try #require(DatasetCatalog.torusMixture.geodesicField),
      try #require(DatasetCatalog.torusCheckerboard.geodesicField),
    ].map { (field: any GeodesicField) in
      var field = field
      let x = field.space.points(300, seed: 9)
      let edges = field.edgeDistances(x, at: .shared(t))
      let logs = field.logDensity(x, at: .shared(t))
      let kept = x.choosing(
        x.values.indices.prefix(300).filter { edges[$0] > 0.05 && logs[$0] > -30 })
      try #require(kept.count > 5)
      return (field, kept)
    }
  }

  @Test(
    "divergences, probed ones too, and scores are differences along geodesics",
    arguments: [0.1, 0.5, 0.8])
  func derivatives(t: Double) throws {
    for (field, x) in try cases(t) {
      var (field, space) = (field, field.space)
      let divergence = field.divergence(x, at: t)
      let size = 1 + divergence.reduce(0) { max($0, abs($1)) }
      for (a, b) in zip(divergence, field.differenced(x, at: t, on: space)) {
        #expect(abs(a - b) < 1e-8 * size)
      }
      var score = x
      field.score(x, at: .shared(t), into: &score)
      for axis in space.tangentBasis(at: x) {
        let slope = CentralDifference.derivative {
          field.logDensity(space.moved(x, axis, $0), at: .shared(t))
        }
        for j in 0..<x.count {
          let along = (0..<x.dimension).reduce(0) { $0 + score[$1, j] * axis[$1, j] }
          #expect(abs(along - slope[j]) < 1e-8 * (1 + abs(along)))
        }
        // Of a probe that is not tangent the tangent part counts.
        let probed = field.divergence(x, at: t, probes: axis)
        for (a, b) in zip(probed, field.differenced(x, at: t, on: space, along: [axis])) {
          #expect(abs(a - b) < 1e-8 * size)
        }
        guard space is Sphere else { continue }
        var slanted = axis
        for k in slanted.values.indices { slanted.values[k] += 2 * x.values[k] }
        for (a, b) in zip(probed, field.divergence(x, at: t, probes: slanted)) {
          #expect(abs(a - b) < 1e-12 * size)
        }
      }
      // An orthonormal basis of probes gives the trace.
      let traces = space.tangentBasis(at: x).map { field.divergence(x, at: t, probes: $0) }
      for j in divergence.indices {
        #expect(abs(traces[0][j] + traces[1][j] - divergence[j]) < 1e-11 * size)
      }
    }
  }

  @Test("near a data point the derivatives keep their digits", arguments: [1e-9, 1e-6, 1e-4, 3e-3])
  func nearData(angle: Double) throws {
    let data = Self.sphere.points.points(0..<1)
    let field = SpherePointField(points: data)
    let x = Sphere().moved(data, Sphere().tangentBasis(at: data)[0], angle)
    for s in [1.0, 0.5, 0.05] {
      // One point: u = log/s, div = −(1 + θ cot θ)/s.
      let expected = -(2 - angle * angle / 3) / s
      #expect(abs(field.divergence(x, at: 1 - s)[0] / expected - 1) < 1e-9)
      #expect(
        abs(field.velocity(x, at: 1 - s).squaredLengths[0].squareRoot() - angle / s) < 1e-14 / s)
    }
  }

  @Test("the mass moves as the paths do, over the jumps of the torus's field too")
  func weakContinuity() {
    let rule = Torus().quadrature(resolution: 200)
    var field = Self.torus
    for t in [0.3, 0.6, 0.8] {
      let s = 1 - t
      let p = field.logDensity(rule.nodes, at: .shared(t)).map(exponential)
      #expect(abs(rule.integrate(p) - 1) < 5e-3)
      let u = field.velocity(rule.nodes, at: t)
      for i in 0..<2 {
        // E cos X_t = mean cos x_i · sin(sπ)/sπ, and its rate is E[−sin(X_t) u].
        let mean = Self.torusData.reduce(0) { $0 + cosine($1[i]) } / 6
        let rate = -mean * (cosine(s * .pi) / s - sine(s * .pi) / (.pi * s * s))
        let flow = rule.integrate(
          p.indices.map { -sine(rule.nodes[i, $0]) * u[i, $0] * p[$0] })
        #expect(abs(flow - rate) < 5e-3, "\(t): \(flow), expected \(rate)")
      }
    }
  }

  @Test("at t = 0 nothing has begun, near t = 1 the density is the data's, and NaN stays NaN")
  func ends() throws {
    let points = Torus().points(20, seed: 1)
    for dataset in [DatasetCatalog.torusMixture, DatasetCatalog.torusCheckerboard] {
      var field = try #require(dataset.geodesicField)
      let start = field.logDensity(points, at: .shared(0))
      #expect(start.allSatisfy { abs($0 + logarithm(4 * .pi * .pi)) < 1e-12 })
      var random = Random(seed: 2)
      let draws = dataset.distribution.sample(count: 50, using: &random)
      let exact = try #require(dataset.logDensity(draws))
      let late = field.logDensity(draws, at: .shared(0.9999))
      #expect(zip(exact, late).count { abs($0 - $1) > 1e-4 } <= 1)
    }
    var field = Self.sphere
    let start = field.logDensity(Sphere().points(20, seed: 1), at: .shared(0))
    #expect(start.allSatisfy { abs($0 + logarithm(4 * .pi)) < 1e-12 })
    // Out of reach of all data the nearest is where it goes.
    #expect(
      distance(
        Self.torus.velocity(Batch(points: [[2.5, -0.3]]), at: 0.55).point(0),
        [
          (1.062 - 2.5) / 0.45, (-0.203 + 0.3) / 0.45,
        ]) < 1e-12)
    #expect(field.logDensity(Batch(points: [[0.9, -0.4, 0.2]]), at: .shared(0.95)) == [-.infinity])
    #expect(field.velocity(Batch(points: [[0.9, -0.4, 0.2]]), at: 0.95).isFinite)
    for (field, x) in [
      (Self.sphere as any GeodesicField, [Double.nan, 0, 1]), (Self.torus, [0, Double.nan]),
      (TorusProductField(to: .normals(means: [[0, 0]], deviations: [[1, 1]])), [0, .nan]),
    ] {
      #expect(!field.velocity(Batch(points: [x]), at: 0.5).isFinite)
    }
  }

  @Test("fields to densities by quadrature do not depend on its nodes")
  func quadratures() throws {
    let mixture = try #require(DatasetCatalog.sphereMixture.distribution as? VonMisesFisher)
    let board = SphereCheckerboard()
    let cases: [(any DensityDistribution, any GeodesicField, any GeodesicField)] = [
      (board, board.geodesicField(nodes: 10), board.geodesicField(nodes: 14)),
      (
        mixture, SpherePointField(to: mixture, resolution: 60),
        SpherePointField(to: mixture, resolution: 90)
      ),
    ]
    for (target, coarse, fine) in cases {
      var random = Random(seed: 4)
      let ends = target.sample(count: 30, using: &random)
      for t in [0.2, 0.6, 0.8] {
        // Where the paths are: beside them few nodes are in reach.
        let x = Sphere().geodesic(Sphere().points(30, seed: 5), ends, t).x
        let (a, b) = (coarse.velocity(x, at: t), fine.velocity(x, at: t))
        let apart = a.rootMeanSquareDistance(to: b)
        #expect(apart < 5e-3, "\(t): \(apart)")
      }
    }
    let land = try #require(DatasetCatalog.sphereLand.geodesicField as? SpherePointField)
    #expect(land.points.count == 21_456)
    let sea = Batch(
      points: [GeographicPlace(longitude: -30, latitude: 15)].map {
        [$0.vector.x, $0.vector.y, $0.vector.z]
      })
    #expect(land.velocity(sea, at: 0.5).isFinite && DatasetCatalog.moons.geodesicField == nil)
    let cloud = Dataset(name: "file", points: Batch(points: Self.torusData)).within(Torus())
    #expect(cloud.geodesicField is TorusPointField)
  }
}
