import Testing

@testable import FlowMatching

@Suite struct SpaceTests {
  /// The spaces by name, since a test's arguments need one.
  static let names = Spaces.all.map(\.name)

  private func space(_ name: String) throws -> any Space { try Spaces.named(name) }

  @Test("the exponential map goes where the logarithm says, from both ends", arguments: names)
  func inverse(name: String) throws {
    let space = try space(name)
    let (x, y) = (space.points(2000, seed: 1), space.points(2000, seed: 2))
    let way = space.way(x, y)
    #expect(space.farthest(space.moved(x, way), y) < 1e-13)
    let lengths = way.squaredLengths.map { $0.squareRoot() }
    #expect(lengths.allSatisfy { $0 <= space.diameter })
    // Uniform points are as far apart as can be, now and then.
    #expect(lengths.contains { $0 > 0.9 * space.diameter })
    let back = space.way(y, x).squaredLengths.map { $0.squareRoot() }
    #expect(zip(lengths, back).allSatisfy { abs($0 - $1) < 1e-13 })
    // Half of the way there, as long as the rest.
    let middle = space.moved(x, way, 0.5)
    for (half, whole) in zip(space.squaredDistances(middle, y), lengths) {
      #expect(abs(half.squareRoot() - 0.5 * whole) < 1e-13)
    }
  }

  @Test(
    "a geodesic meets both ends, its speed is their distance, and u = log(x₁)/(1 − t)",
    arguments: names)
  func geodesics(name: String) throws {
    let space = try space(name)
    let (x0, x1) = (space.points(2000, seed: 3), space.points(2000, seed: 4))
    let distances = space.squaredDistances(x0, x1).map { $0.squareRoot() }
    #expect(space.farthest(space.geodesic(x0, x1, 0).x, x0) < 1e-15)
    #expect(space.farthest(space.geodesic(x0, x1, 1).x, x1) < 1e-14)
    for t in [0, 0.1, 0.5, 0.9, 1] {
      let (x, velocity) = space.geodesic(x0, x1, t)
      for (square, distance) in zip(velocity.squaredLengths, distances) {
        #expect(abs(square.squareRoot() - distance) < 1e-13)
      }
      var tangent = velocity
      space.makeTangent(&tangent, at: x)
      #expect(difference(tangent, velocity) < 1e-14)
      guard t < 1 else { continue }
      let way = space.way(x, x1)
      for k in way.values.indices {
        #expect(abs(way.values[k] / (1 - t) - velocity.values[k]) < 1e-12)
      }
    }
    var sample = PathSample(dimension: space.coordinates, count: 2000)
    var random = Random(seed: 0)
    GeodesicPath(space).sample(
      from: x0, to: x1, at: [Double](repeating: 0.5, count: 2000), using: &random, into: &sample)
    #expect(sample.x == space.geodesic(x0, x1, 0.5).x && random == Random(seed: 0))
  }

  @Test("near points, equal points and points near each other's antipodes keep their digits")
  func extremes() {
    let sphere = Sphere()
    let x = Batch(points: [[0.6, -0.48, 0.64]])
    let basis = sphere.tangentBasis(at: x)
    for length in [1e-300, 1e-160, 1e-12, 1e-6, 1e-3] {
      for angle in [length, .pi - length] {
        var v = basis[0]
        for k in v.values.indices { v.values[k] *= angle }
        let y = sphere.moved(x, v)
        let way = sphere.way(x, y)
        // Near the antipode the last digits of y turn its direction by 1e-16/sin θ.
        #expect(difference(way, v) < 3e-16 + (angle > 1 ? 4e-15 / length : 1e-13 * length))
        #expect(sphere.farthest(sphere.moved(x, way), y) < 5e-16)
        for t in [0.25, 1] {
          let (point, velocity) = sphere.geodesic(x, y, t)
          #expect(abs(sphere.squaredDistances(x, point)[0].squareRoot() - t * angle) < 1e-14)
          #expect(abs(velocity.squaredLengths[0].squareRoot() - angle) < 1e-14)
        }
      }
    }
    let opposite = Batch(dimension: 3, values: x.values.map { -$0 })
    let around = sphere.way(x, opposite)
    #expect(abs(around.squaredLengths[0].squareRoot() - .pi) < 1e-15)
    #expect(sphere.farthest(sphere.moved(x, around), opposite) < 1e-15)
    #expect(sphere.way(x, x).values == [0, 0, 0])
    #expect(sphere.geodesic(x, x, 0.3).x.isFinite)
  }

  @Test("angles get their one name in [−π, π), and those that have it keep their bits")
  func wrapping() {
    for angle in [-Double.pi, -3, 0, 1e-300, 3.14159] { #expect(Torus.wrap(angle) == angle) }
    #expect(Torus.wrap(.pi) == -.pi)
    #expect(abs(Torus.wrap(3.5) - (3.5 - 2 * .pi)) < 1e-15)
    #expect(abs(Torus.wrap(-1000) - (-1000.0).remainder(dividingBy: 2 * .pi)) < 1e-12)
    #expect(Torus.wrap(.nan).isNaN && Torus.wrap(.infinity).isNaN)
    var random = Random(seed: 5)
    for _ in 0..<10_000 {
      let angle = 40 * random.normal()
      let wrapped = Torus.wrap(angle)
      #expect(wrapped >= -.pi && wrapped < .pi)
      #expect(abs(sine(angle) - sine(wrapped)) + abs(cosine(angle) - cosine(wrapped)) < 1e-13)
    }
    for just in [Double.pi.nextDown, .pi.nextUp, (3 * .pi).nextDown, 3 * .pi, -(3 * .pi)] {
      #expect(Torus.wrap(just) >= -.pi && Torus.wrap(just) < .pi)
    }
  }

  @Test("uniform draws have the means of the area, and so has the quadrature", arguments: names)
  func uniform(name: String) throws {
    let space = try space(name)
    let points = space.points(20_000, seed: 6)
    let base = UniformBase(on: space)
    #expect(base.logDensity(points.prefix(1)) == [-logarithm(space.area)])
    let rule = space.quadrature(resolution: 24)
    #expect(abs(rule.weights.reduce(0, +) / space.area - 1) < 1e-12)
    var inputs = Batch(dimension: space.inputs, count: points.count)
    space.writeInputs(points, into: &inputs)
    var atNodes = Batch(dimension: space.inputs, count: rule.nodes.count)
    space.writeInputs(rule.nodes, into: &atNodes)
    for i in 0..<space.inputs {
      // Harmonics, sines and cosines have the mean 0, and the squares 1/(2l + 1) or 1/2.
      let square = space is Sphere ? 1.0 / (i < 3 ? 3 : i < 8 ? 5 : 7) : 0.5
      expectMean(of: inputs.row(i), 0)
      expectMean(of: inputs.row(i).map { $0 * $0 }, square)
      #expect(abs(rule.integrate(atNodes.row(i))) < 1e-12)
      let mean = rule.integrate(atNodes.row(i).map { $0 * $0 }) / space.area
      #expect(abs(mean - square) < 1e-13)
    }
  }

  @Test(
    "wrapped Gaussians integrate to 1 by area and have the means of their draws", arguments: names)
  func wrappedNormals(name: String) throws {
    let space = try space(name)
    let rule = space.quadrature(resolution: 120)
    // Wide ones have most of their wrapped parts; theirs are infinite at the poles.
    for (deviation, tolerance) in [(0.3, 1e-9), (0.5, 1e-6), (1.2, 1e-2)] {
      let normal = WrappedNormal(on: space, deviation: deviation)
      let densities = normal.logDensity(rule.nodes).map(exponential)
      let bound = space is Sphere ? tolerance : 1e-9
      #expect(abs(rule.integrate(densities) - 1) < bound, "\(deviation)")
      var random = Random(seed: 7)
      let draws = normal.sample(count: 20_000, using: &random)
      var (atDraws, atNodes) = (
        Batch(dimension: space.inputs, count: draws.count),
        Batch(dimension: space.inputs, count: rule.nodes.count)
      )
      space.writeInputs(draws, into: &atDraws)
      space.writeInputs(rule.nodes, into: &atNodes)
      for i in 0..<space.inputs {
        let mean = rule.integrate(zip(atNodes.row(i), densities).map { $0 * $1 })
        expectMean(of: atDraws.row(i), mean)
      }
    }
    #expect(
      WrappedNormal(on: space, deviation: 0.5).logDensity(Batch(points: [space.origin]))[0].isFinite
    )
  }

  @Test(
    "what a network is told has one value a point, and its changes are its derivatives",
    arguments: names)
  func inputs(name: String) throws {
    let space = try space(name)
    let x = space.points(50, seed: 8)
    var (inputs, other) = (
      Batch(dimension: space.inputs, count: 50), Batch(dimension: space.inputs, count: 50)
    )
    space.writeInputs(x, into: &inputs)
    // Another turn around the torus, another length of a vector.
    var renamed = space.renamed(x)
    space.settle(&renamed)
    space.writeInputs(renamed, into: &other)
    #expect(difference(inputs, other) < 1e-14)
    for axis in space.tangentBasis(at: x) {
      var (changes, ahead, behind) = (inputs, inputs, inputs)
      space.writeInputChanges(x, along: axis, into: &changes)
      space.writeInputs(space.moved(x, axis, 1e-5), into: &ahead)
      space.writeInputs(space.moved(x, axis, -1e-5), into: &behind)
      for k in changes.values.indices {
        let slope = (ahead.values[k] - behind.values[k]) / 2e-5
        #expect(abs(slope - changes.values[k]) < 1e-8)
      }
      #expect(axis.squaredLengths.allSatisfy { abs($0 - 1) < 1e-14 })
    }
    // No two places look alike.
    for j in 0..<49 { #expect(distance(inputs.point(j), inputs.point(j + 1)) > 1e-3) }
  }

  @Test("spaces go by name, and a misspelt one is told the nearest")
  func catalogue() throws {
    #expect(Set(Self.names).count == Spaces.all.count)
    #expect(try Spaces.named("torus").isSame(as: Torus()) && !Sphere().isSame(as: Torus()))
    #expect {
      try Spaces.named("spere")
    } throws: { ($0 as? UnknownName)?.nearest == "sphere" }
  }
}
