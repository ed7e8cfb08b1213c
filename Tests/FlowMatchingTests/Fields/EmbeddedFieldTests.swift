import Testing

@testable import FlowMatching

@Suite struct EmbeddedFieldTests {
  /// A network and a linear field of a space's inputs.
  private func bases(of space: any Space) -> [any DivergenceField] {
    var random = Random(seed: 6)
    let d = space.inputs
    let shape = MLPShape(dimension: d, widths: [24, 24], activation: .tanh)
    return [
      PreciseMLP(MLPWeights(shape: shape, using: &random)),
      AmbientField(
        matrix: (0..<d * d).map { _ in random.normal() },
        offset: (0..<d).map { _ in random.normal() }),
    ]
  }

  @Test("the divergence is that on the space, exact or probed", arguments: Spaces.all.map(\.name))
  func divergence(name: String) throws {
    let space = try Spaces.named(name)
    let x = space.points(20, seed: 7)
    for base in bases(of: space) {
      let field = EmbeddedField(base, on: space)
      let u = field.velocity(x, at: 0.4)
      var tangent = u
      space.makeTangent(&tangent, at: x)
      #expect(difference(u, tangent) < 1e-14)
      #expect(difference(field.velocity(space.renamed(x), at: 0.4), u) < 1e-13)
      let exact = field.divergence(x, at: 0.4)
      for (a, b) in zip(exact, field.differenced(x, at: 0.4, on: space)) {
        #expect(abs(a - b) < 1e-8 * (1 + abs(b)))
      }
      // Hutchinson's estimate over all signs is the exact trace.
      let rows = space.coordinates
      var mean = [Double](repeating: 0, count: 20)
      for signs in 0..<1 << rows {
        var probes = x
        for i in 0..<rows { for j in 0..<20 { probes[i, j] = signs >> i & 1 == 0 ? 1 : -1 } }
        for (j, value) in field.divergence(x, at: 0.4, probes: probes).enumerated() {
          mean[j] += value / Double(1 << rows)
        }
      }
      for (a, b) in zip(exact, mean) { #expect(abs(a - b) < 1e-12 * (1 + abs(a))) }
      #expect(field.inDouble.regularity.space?.name == name)
    }
  }

  @Test(
    "what a network means by outputs is what the changes of its inputs take back",
    arguments: Spaces.all.map(\.name))
  func transposes(name: String) throws {
    let space = try Spaces.named(name)
    let x = space.points(20, seed: 8)
    var random = Random(seed: 9)
    var outputs = Batch(dimension: space.inputs, count: 20)
    random.fillNormals(&outputs.values)
    for axis in space.tangentBasis(at: x) {
      var (changes, velocity) = (outputs, x)
      space.writeInputChanges(x, along: axis, into: &changes)
      space.writeVelocity(outputs, at: x, into: &velocity)
      for j in 0..<20 {
        // |Ev| = stretch, and v·Eᵀf = Ev·f.
        let length = (0..<space.inputs).reduce(0) { $0 + changes[$1, j] * changes[$1, j] }
        #expect(abs(length.squareRoot() - space.stretch) < 1e-14)
        let one = (0..<space.coordinates).reduce(0) { $0 + axis[$1, j] * velocity[$1, j] }
        let other = (0..<space.inputs).reduce(0) { $0 + changes[$1, j] * outputs[$1, j] }
        #expect(abs(one * space.stretch - other) < 1e-13)
      }
    }
  }

  @Test(
    "the parts of a squared error are the inputs, Eu/stretch and unit changes at right angles",
    arguments: Spaces.all.map(\.name))
  func regressions(name: String) throws {
    let space = try Spaces.named(name)
    let (x, n, d) = (space.points(30, seed: 8), 30, space.inputs)
    let u = space.way(x, space.points(30, seed: 9))
    var (inputs, targets) = (Batch(dimension: d, count: n), Batch(dimension: d, count: n))
    var frame = [Double](repeating: 0, count: 2 * d * n)
    space.writeRegression(at: x, towards: u, inputs: &inputs, targets: &targets, frame: &frame)
    var (expected, changes) = (inputs, inputs)
    space.writeInputs(x, into: &expected)
    #expect(difference(inputs, expected) < 1e-14)
    space.writeInputChanges(x, along: u, into: &changes)
    for k in changes.values.indices {
      #expect(abs(changes.values[k] / space.stretch - targets.values[k]) < 1e-13)
    }
    let size = d * n
    for j in 0..<n {
      func product(_ a: Int, _ b: Int) -> Double {
        (0..<d).reduce(0) { $0 + frame[a * size + $1 * n + j] * frame[b * size + $1 * n + j] }
      }
      #expect(abs(product(0, 0) - 1) + abs(product(1, 1) - 1) + abs(product(0, 1)) < 1e-13)
      // Together they hold the whole of a change along the space.
      let parts = (0..<2).map { axis in
        (0..<d).reduce(0) { $0 + frame[axis * size + $1 * n + j] * targets[$1, j] }
      }
      let length = (0..<d).reduce(0) { $0 + targets[$1, j] * targets[$1, j] }
      #expect(abs(parts[0] * parts[0] + parts[1] * parts[1] - length) < 1e-12)
    }
  }

  @Test("a rotation of the sphere has no divergence")
  func rotation() {
    let field = AmbientField.rotation([0.3, -1, 0.5]).onSphere
    let x = Sphere().points(20, seed: 7)
    #expect(field.divergence(x, at: 0).allSatisfy { abs($0) < 1e-14 })
  }
}
