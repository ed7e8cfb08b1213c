import Testing

@testable import FlowMatching

@Suite struct TheoryCheckTests {
  private static func setting(
    _ scheduler: Scheduler = .conditionalOT, seed: UInt64 = 0,
    dataset: Dataset = DatasetCatalog.eightGaussians, field: (any DivergenceField)? = nil
  ) -> TheorySetting {
    TheorySetting(
      dataset: dataset, scheduler: scheduler, seed: seed, flow: field.map { SolvedFlow($0) })!
  }

  @Test("every check passes on the exact field, under every scheduler", arguments: Scheduler.all)
  func exact(scheduler: Scheduler) {
    for check in TheoryCheck.all {
      let verdict = check.verdict(in: Self.setting(scheduler, seed: 1))
      #expect(verdict.passes, "\(verdict)")
      #expect(verdict.number == check.number && verdict.control == check.isControl)
    }
  }

  @Test(
    "of one point, given once or many times, those of a spread say nothing, and all others pass",
    arguments: [[[5.0, 5.0]], [[1000.001, -3], [1000.001, -3], [1000.001, -3]]])
  func onePoint(points: [[Double]]) {
    let setting = Self.setting(dataset: Dataset(name: "p", points: Batch(points: points)))
    let checks = TheoryCheck.all.filter { $0.applies(to: setting) }
    #expect(checks.count == TheoryCheck.all.count - 5)
    for check in checks {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
    }
    let two = Self.setting(dataset: Dataset(name: "p", points: Batch(points: points + [[7, 1]])))
    #expect(TheoryCheck.all.allSatisfy { $0.applies(to: two) })
  }

  @Test("there are checks of all fifteen identities, three of them negative controls, by number")
  func catalogue() {
    let numbers = TheoryCheck.all.map(\.number)
    #expect(numbers == numbers.sorted() && Set(numbers) == Set(1...15))
    #expect(TheoryCheck.all.count(where: \.isControl) == 3)
    #expect(Set(TheoryCheck.all.map(\.name)).count == TheoryCheck.all.count)
  }

  @Test("another coefficient, any one with its sign turned, and the identity fails")
  func mutations() {
    for check in TheoryCheck.all where !check.isControl {
      for k in check.coefficients.indices {
        var coefficients = check.coefficients
        coefficients[k] = -coefficients[k]
        let verdict = check.verdict(in: Self.setting(), coefficients: coefficients)
        #expect(!verdict.passes, "\(check.name), coefficient \(k): \(verdict.residual)")
      }
    }
  }

  @Test("a coefficient that is off by a hundredth is noticed by all that are not statistical")
  func smallMutations() {
    for check in TheoryCheck.all where !check.isControl && check.bound < 1e-2 {
      // An inequality has room, and every larger dilation is an optimal map too.
      if [TheoryCheck.energyOrder.name, TheoryCheck.optimalMap.name].contains(check.name) {
        continue
      }
      var coefficients = check.coefficients
      coefficients[0] *= 1.01
      let verdict = check.verdict(in: Self.setting(), coefficients: coefficients)
      #expect(!verdict.passes, "\(check.name): \(verdict.residual)")
    }
  }

  @Test(
    "the bound of a family is Student's t at Šidák's level: 3.89 for one check, 4.06 for two, SciPy's"
  )
  func familyBound() {
    for (checks, draws, expected) in [
      (1, Double.infinity, 3.890_591_886), (2, .infinity, 4.055_621_138),
      (5, .infinity, 4.264_881_862), (2, 1920, 4.064_858_436), (2, 101, 4.239_569_394),
    ] {
      #expect(abs(FalseAlarms.bound(checks: checks, draws: draws) - expected) < 2e-5)
    }
    #expect(abs(FalseAlarms.bound(checks: 2, draws: 21) - 5.138_758) < 2e-3)
    let random = TheoryCheck.all.filter(\.isRandom)
    #expect(random.map(\.number) == [7, 9])
    for check in random { #expect(check.bound == FalseAlarms.bound(checks: 2, draws: .infinity)) }
  }

  @Test("over 60 seeds the random residuals are those of a standard normal, none beyond its bound")
  func manySeeds() {
    // 2 000 draws each: data without a mixture, and with.
    let random = TheoryCheck.all.filter(\.isRandom)
    let verdicts = (0..<60 as Range<UInt64>).flatMap { seed in
      random.map {
        $0.verdict(in: Self.setting(seed: seed, dataset: DatasetCatalog.checkerboardSmall))
      }
    }
    #expect(verdicts.count { !$0.passes } == 0)
    // E Z² = 1 ± √(2/120); 5 % of the residuals are beyond 1.96.
    let square = verdicts.reduce(0) { $0 + $1.residual * $1.residual } / Double(verdicts.count)
    #expect(abs(square - 1) < 0.5, "\(square)")
    #expect((1...14).contains(verdicts.count { $0.residual > 1.96 }))
    // With this seed the eight Gaussians are 3.2 standard errors off, and right.
    let unlucky = random.map { $0.verdict(in: Self.setting(seed: 36)) }
    #expect(unlucky.count { $0.residual > 3 } == 1 && unlucky.count { !$0.passes } == 0)
  }

  @Test(
    "the balance of energies still notices a term that is a twentieth off", arguments: [0, 1, 2])
  func powerOfTheBalance(k: Int) {
    var coefficients = TheoryCheck.energyBalance.coefficients
    coefficients[k] *= 1.05
    let verdict = TheoryCheck.energyBalance.verdict(
      in: Self.setting(), coefficients: coefficients)
    #expect(!verdict.passes, "\(verdict.residual)")
  }

  @Test("residuals are the same for the same seed and differ for another")
  func seeds() {
    for check in TheoryCheck.all where check.number != 10 {
      let first = check.verdict(in: Self.setting(seed: 3))
      #expect(first == check.verdict(in: Self.setting(seed: 3)))
      let second = check.verdict(in: Self.setting(seed: 4))
      // Identities that rounding alone keeps from 0 may agree in their last bit.
      #expect(first.residual != second.residual || first.residual < 1e-14, "\(check.name)")
    }
  }

  @Test("boxes and curves have their identities too")
  func otherData() {
    for dataset in [DatasetCatalog.checkerboard, DatasetCatalog.moons] {
      for number in [1, 2, 3, 4, 5, 15] {
        for check in TheoryCheck.all where check.number == number {
          let verdict = check.verdict(in: Self.setting(.cosine, dataset: dataset))
          #expect(verdict.passes, "\(dataset.name): \(verdict)")
        }
      }
    }
  }

  @Test("what holds for every field holds for a network; the rest does not apply to it")
  func network() {
    var random = Random(seed: 81)
    let shape = MLPShape(dimension: 2, widths: [32, 32], activation: .silu)
    let setting = Self.setting(field: MLP(MLPWeights(shape: shape, using: &random)))
    let checks = TheoryCheck.all.filter { $0.applies(to: setting) }
    #expect(
      checks.map(\.name) == [
        "the model's density has mass 1", "instantaneous change of variables",
        "growth of volumes", "Hutchinson's mean over (1, ±1)",
        "variance of Rademacher probes", "there and back again",
        "implicit inverse of an Euler step",
      ])
    for check in checks {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
      #expect(verdict.bound == check.fieldBound)
    }
  }

  @Test("a field whose divergence is a hundredth off fails the checks of divergences and of mass")
  func wrongDivergence() {
    let exact = MarginalField(target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    let setting = Self.setting(field: WrongDivergence(base: exact))
    for check in [TheoryCheck.unitMass, .volumeChange, .trace] {
      #expect(!check.verdict(in: setting).passes, "\(check.name)")
    }
    #expect(TheoryCheck.reversal.verdict(in: setting).passes)
  }

  @Test("no number is no pass, for identities and for controls")
  func notANumber() {
    let nan = TheoryCheck(1, "nan", "", bound: 1, coefficients: []) { _, _ in .nan }
    let control = TheoryCheck(1, "nan", "", bound: 1, isControl: true, coefficients: []) { _, _ in
      .nan
    }
    #expect(!nan.verdict(in: Self.setting()).passes)
    #expect(!control.verdict(in: Self.setting()).passes)
  }

  @Test("data without an exact field, and data that are not in the plane, have no setting")
  func unknown() {
    #expect(
      TheorySetting(dataset: DatasetCatalog.pinwheel, scheduler: .cosine, seed: 0) == nil)
    let line = Dataset(
      name: "line", title: "line", summary: "", mixture: .standardNormal(dimension: 1),
      entropyFloor: nil)
    #expect(TheorySetting(dataset: line, scheduler: .cosine, seed: 0) == nil)
  }
}

/// A field that states 1.01 times its divergence, but is true with probes.
private struct WrongDivergence: DivergenceField {
  var base: any DivergenceField

  var dimension: Int { base.dimension }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    for j in divergence.indices { divergence[j] *= 1.01 }
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
  }
}
