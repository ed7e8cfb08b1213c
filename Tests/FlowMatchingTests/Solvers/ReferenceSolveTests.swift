import FlowMatching
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("References with an error of their own")
struct ReferenceSolveTests {
  private static func mlp(_ activation: Activation) -> MLP {
    var random = Random(seed: 61)
    let shape = MLPShape(dimension: 2, widths: [32, 32], activation: activation)
    var weights = MLPWeights(shape: shape, using: &random)
    for k in weights.values.indices { weights.values[k] *= 2 }
    return MLP(weights)
  }

  private static func noise(_ count: Int) -> Batch {
    var random = Random(seed: 12)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test(
    "the ends are those of a tighter solve in Double, to the error that it claims",
    arguments: [Activation.silu, .tanh, .selu, .relu])
  func error(activation: Activation) throws {
    let field = Self.mlp(activation)
    let x0 = Self.noise(40)
    let reference = try ReferenceSolve(field, from: x0)
    var tight = ParticleIntegrator(
      field.inDouble, .dop853, relative: 1e-13, absolute: 1e-13, from: x0,
      largestStep: 1.0 / 200)
    tight.finish()
    #expect(tight.failures.allSatisfy { $0 == nil })
    let isSmooth = activation.hasContinuousDerivative
    #expect(reference.error > 0 && reference.error < (isSmooth ? 1e-7 : 1e-5))
    // At a kink both solves may err alike.
    let distance = reference.ends.rootMeanSquareDistance(to: tight.x)
    #expect(distance <= (isSmooth ? 1 : 3) * reference.error, "\(distance)")
  }

  @Test("against it the orders of solvers in Float are theirs: midpoint 2, RK4 4, to 0.4")
  func orders() throws {
    let field = Self.mlp(.silu)
    let x0 = Self.noise(200)
    let reference = try ReferenceSolve(field, from: x0)
    for (tableau, order) in [(ButcherTableau.midpoint, 2.0), (.rk4, 4)] {
      let errors = [4, 8].map { steps in
        var field: any VelocityField = field
        return Integrator.solve(&field, tableau, control: .fixed(steps: steps), from: x0).x
          .rootMeanSquareDistance(to: reference.ends)
      }
      let slope = log2(errors[0] / errors[1])
      #expect(abs(slope - order) < 0.4, "\(tableau.name): \(slope)")
    }
  }
}
