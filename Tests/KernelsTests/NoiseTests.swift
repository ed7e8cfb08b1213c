import Testing

@testable import Kernels

@Suite("Random numbers in bulk")
struct NoiseTests {
  @Test("have the same bits on every instruction set")
  func sameBits() {
    var draws: [[Double]] = []
    for set in InstructionSet.available {
      var normals = [Double](repeating: 0, count: 1003)
      var uniforms = normals
      Noise.fillNormals(&normals, seed: 9, instructionSet: set)
      Noise.fillUniforms(&uniforms, seed: 9, instructionSet: set)
      draws.append(normals + uniforms)
    }
    #expect(draws.allSatisfy { $0 == draws[0] })
  }

  @Test("a shorter draw is the beginning of a longer one", arguments: [0, 1, 7, 8, 9, 15, 17, 31])
  func prefix(count: Int) {
    var (short, long) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: 64))
    Noise.fillNormals(&short, seed: 10)
    Noise.fillNormals(&long, seed: 10)
    #expect(short == Array(long.prefix(count)))
    Noise.fillUniforms(&short, seed: 10)
    Noise.fillUniforms(&long, seed: 10)
    #expect(short == Array(long.prefix(count)))
  }

  @Test("normals have the moments and the tails of N(0, 1)")
  func normals() {
    let count = 1_000_000
    var draws = [Double](repeating: 0, count: count)
    Noise.fillNormals(&draws, seed: 11)
    let n = Double(count)
    func moment(_ k: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<k).reduce(1.0) { power, _ in power * x } } / n
    }
    // Five standard errors of each moment: Var(xᵏ) = E x²ᵏ − (E xᵏ)².
    #expect(abs(moment(1)) < 5 * (1 / n).squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / n).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
    // P(|x| > 3) = 0.0026998, P(|x| < 0.1) = 0.0796557.
    func share(_ holds: (Double) -> Bool) -> Double { Double(draws.filter(holds).count) / n }
    #expect(abs(share { abs($0) > 3 } - 0.0026998) < 5 * (0.0027 / n).squareRoot())
    #expect(abs(share { abs($0) < 0.1 } - 0.0796557) < 5 * (0.0733 / n).squareRoot())
    // Neighbours, the two halves of a pair, and lanes eight apart are not correlated.
    for lag in [1, 8, 16] {
      let sum = zip(draws, draws.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(sum / n) < 5 * (1 / n).squareRoot(), "lag \(lag)")
    }
  }

  @Test("uniforms fill [0, 1) evenly")
  func uniforms() {
    let count = 100_000
    var draws = [Double](repeating: 0, count: count)
    Noise.fillUniforms(&draws, seed: 12)
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    var bins = [Double](repeating: 0, count: 100)
    for x in draws { bins[Int(x * 100)] += 1 }
    let chiSquare = bins.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 }
    // χ² with 99 degrees of freedom: mean 99, deviation 14.1.
    #expect(chiSquare > 50 && chiSquare < 170)
  }

  @Test("different seeds draw different numbers")
  func seeds() {
    var (a, b) = ([Double](repeating: 0, count: 100), [Double](repeating: 0, count: 100))
    Noise.fillNormals(&a, seed: 1)
    Noise.fillNormals(&b, seed: 2)
    #expect(zip(a, b).allSatisfy { $0 != $1 })
  }
}
