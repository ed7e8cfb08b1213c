import Testing

@testable import FlowMatching

@Suite struct EmbeddedFieldTests {
  /// A network and a linear field of a space's inputs.
  private func bases(of space: any Space) -> [any TangentMap] {
    var random = Random(seed: 6)
    let (inputs, outputs) = (space.inputs, space.coordinates)
    let shape = MLPShape(
      dimension: inputs, outputs: outputs, widths: [24, 24], activation: .tanh)
    return [
      PreciseMLP(MLPWeights(shape: shape, using: &random)),
      LinearMap(
        inputs: inputs, matrix: (0..<outputs * inputs).map { _ in random.normal() },
        offset: (0..<outputs).map { _ in random.normal() }),
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
    "the changes of the inputs are those by differences, and the first inputs are a normal's",
    arguments: Spaces.all.map(\.name))
  func changes(name: String) throws {
    let space = try Spaces.named(name)
    let x = space.points(20, seed: 8)
    var inputs = Batch(dimension: space.inputs, count: 20)
    space.writeInputs(x, into: &inputs)
    if space.hasNormal {
      for k in x.values.indices { #expect(inputs.values[k] == x.values[k]) }
    }
    for axis in space.tangentBasis(at: x) {
      var changes = inputs
      space.writeInputChanges(x, along: axis, into: &changes)
      let wanted = CentralDifference.derivative { shift in
        var moved = inputs
        space.writeInputs(space.moved(x, axis, shift), into: &moved)
        return moved.values
      }
      for (a, b) in zip(changes.values, wanted) { #expect(abs(a - b) < 1e-9) }
    }
  }

  @Test("a rotation of the sphere has no divergence")
  func rotation() {
    let field = AmbientField.rotation([0.3, -1, 0.5]).onSphere
    let x = Sphere().points(20, seed: 7)
    #expect(field.divergence(x, at: 0).allSatisfy { abs($0) < 1e-14 })
  }
}
