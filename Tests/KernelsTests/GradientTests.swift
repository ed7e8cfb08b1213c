import Kernels
import Testing

@Suite("The reverse pass")
struct GradientTests {
  @Test("of the plain loops agrees with central differences to 1e-6", arguments: Nonlinearity.all)
  func oracle(nonlinearity: Nonlinearity) {
    // Kinks: a difference quotient across one is wrong, so the seed keeps clear of them.
    let example = Example(hidden: [5, 7], nonlinearity, .baseline, count: 3, seed: 5)
    let exact = example.naiveGradient(scale: 1).gradient
    var quotients = exact
    for i in exact.indices {
      func error(_ shift: Double) -> Double {
        var moved = example
        moved.naive.weights[i] += shift
        return moved.naiveGradient(scale: 1).error
      }
      let h = 1e-4
      quotients[i] =
        (8 * (error(h) - error(-h)) - (error(2 * h) - error(-2 * h))) / (12 * h)
    }
    #expect(relativeDifference(quotients, exact) < 1e-6)
  }

  @Test(
    "agrees with the plain loops to 1e-5 for every activation and instruction set",
    arguments: InstructionSet.available, Nonlinearity.all)
  func activations(set: InstructionSet, nonlinearity: Nonlinearity) {
    var example = Example(hidden: [64, 64, 64], nonlinearity, set, count: 257, seed: 6)
    let (error, gradient) = example.gradient(scale: 0.25)
    let (naiveError, naiveGradient) = example.naiveGradient(scale: 0.25)
    #expect(abs(error - naiveError) < 1e-5 * naiveError)
    #expect(relativeDifference(gradient, naiveGradient) < 1e-5)
  }

  @Test(
    "agrees with the plain loops to 1e-5 for odd numbers of points and units",
    arguments: InstructionSet.available, [1, 7, 63, 65, 257])
  func oddSizes(set: InstructionSet, count: Int) {
    for (k, hidden) in [[1], [5, 33], [100, 64, 7], [200], []].enumerated() {
      for dimension in [1, 2, 3, 9] {
        var example = Example(
          dimension: dimension, hidden: hidden, .silu, set, count: count, seed: UInt64(20 + k))
        let (error, gradient) = example.gradient(scale: 1)
        let (naiveError, naiveGradient) = example.naiveGradient(scale: 1)
        #expect(abs(error - naiveError) < 1e-5 * naiveError)
        let difference = relativeDifference(gradient, naiveGradient)
        #expect(difference < 1e-5, "\(hidden) in \(dimension) dimensions")
      }
    }
  }

  @Test("shows a NaN among the points in its error", arguments: InstructionSet.available)
  func notANumber(set: InstructionSet) {
    var example = Example(hidden: [33], .silu, set, count: 40, seed: 7)
    example.points[39] = .nan
    #expect(example.gradient(scale: 1).error.isNaN)
  }
}
