import Foundation
import Testing

@testable import FlowMatching

@Suite("Four particles with two wells between every pair")
struct DoubleWellsTests {
  @Test("The gradient of the energy is what differences say")
  func gradient() {
    var random = Random(seed: 1)
    let points = MeanFreeNormal.doubleWells.sample(count: 20, using: &random)
    var gradient = points
    DoubleWells.gradient(points, into: &gradient)
    let step = 1e-5
    for i in 0..<8 {
      let up = DoubleWells.energies(points.moved(i, by: step))
      let down = DoubleWells.energies(points.moved(i, by: -step))
      for j in 0..<20 {
        let slope = (up[j] - down[j]) / (2 * step)
        #expect(abs(gradient[i, j] - slope) <= 1e-6 * max(1, abs(slope)))
      }
    }
  }

  @Test(
    "Independent draws have the energies, the quantiles and the partition function of long chains")
  func draws() {
    var random = Random(seed: 2)
    var sampler = DoubleWellSampler()
    var points = Batch(dimension: 8, count: 8000)
    sampler.sample(into: &points, using: &random)
    let energies = DoubleWells.energies(points)
    let mean = Estimate(of: energies)
    #expect(abs(mean.mean + 22.543) <= 4 * mean.standardError + 0.004)
    let deviation = mean.standardError * Double(energies.count).squareRoot()
    #expect(abs(deviation - 1.907) <= 0.1)
    let sorted = energies.sorted()
    for (share, value, width) in [(0.05, -24.95, 0.08), (0.5, -22.92, 0.08), (0.95, -18.90, 0.25)] {
      #expect(abs(sorted[Int(share * 8000)] - value) <= width)
    }
    #expect(sorted[0] >= -25.792)
    let partition = sampler.logPartition
    #expect(abs(partition.mean - 29.67) <= 4 * partition.standardError + 0.01)
    // The entropy, by which the floor of every likelihood was found.
    let error =
      (mean.standardError * mean.standardError
      + partition.standardError * partition.standardError).squareRoot()
    let floor = Dataset.floorOfParticles
    #expect(abs(mean.mean + partition.mean - floor) <= 4 * error + 0.003)
  }

  @Test("The virial of the draws is the number of their degrees of freedom, E[x·∇E] = 6")
  func virial() {
    var random = Random(seed: 3)
    let points = DoubleWells().sample(count: 6000, using: &random)
    var gradient = points
    DoubleWells.gradient(points, into: &gradient)
    var virials = [Double](repeating: 0, count: points.count)
    for k in points.values.indices {
      virials[k % points.count] += points.values[k] * gradient.values[k]
    }
    let mean = Estimate(of: virials)
    #expect(abs(mean.mean - 6) <= 4 * mean.standardError)
    #expect(mean.standardError < 0.6)
  }

  @Test("The draws have the mean 0, favour no direction and no particle, and follow the seed")
  func symmetry() {
    var random = Random(seed: 4)
    let points = DoubleWells().sample(count: 4000, using: &random)
    for axis in 0..<2 {
      let means = (0..<4000).map { j in (0..<4).reduce(0) { $0 + points[2 * $1 + axis, j] } }
      #expect(means.allSatisfy { abs($0) < 1e-12 })
    }
    for i in 0..<4 {
      let x = Estimate(of: (0..<4000).map { points[2 * i, $0] * points[2 * i, $0] })
      let y = Estimate(of: (0..<4000).map { points[2 * i + 1, $0] * points[2 * i + 1, $0] })
      let first = Estimate(of: (0..<4000).map { points[0, $0] * points[0, $0] })
      #expect(abs(x.mean - y.mean) <= 4 * 1.5 * x.standardError)
      #expect(abs(x.mean - first.mean) <= 4 * 1.5 * x.standardError)
    }
    var again = Random(seed: 4)
    #expect(DoubleWells().sample(count: 4000, using: &again) == points)
  }

  @Test("The prior's density is that of a Gaussian of six coordinates on the points of mean 0")
  func prior() {
    var random = Random(seed: 5)
    let prior = MeanFreeNormal.doubleWells
    let points = prior.sample(count: 4000, using: &random)
    let logs = prior.logDensity(points)
    // −E log p is the entropy of six Gaussians of deviation 2.
    let entropy = Estimate(of: logs.map { -$0 })
    #expect(abs(entropy.mean - 3 * log(2 * .pi * M_E * 4)) <= 4 * entropy.standardError)
    #expect(
      abs(logs[0] - (-3 * log(8 * .pi) - points.squaredLengths[0] / 8)) < 1e-12)
    #expect(
      points.isFinite
        && (0..<4000).allSatisfy { j in
          abs((0..<4).reduce(0) { $0 + points[2 * $1, j] }) < 1e-12
        })
  }
}

extension Dataset {
  /// The floor of the catalogue's four particles.
  static var floorOfParticles: Double { DatasetCatalog.dw4.entropyFloor ?? .nan }
}
