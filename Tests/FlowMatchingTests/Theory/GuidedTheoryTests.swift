import Testing

@testable import FlowMatching

@Suite("The identities of guidance")
struct GuidedTheoryTests {
  private static func setting(_ scheduler: Scheduler = .conditionalOT, seed: UInt64)
    -> TheorySetting
  {
    TheorySetting(dataset: DatasetCatalog.eightGaussians, scheduler: scheduler, seed: seed)!
  }

  @Test("all hold and the controls fail, under every schedule", arguments: Scheduler.all)
  func exact(scheduler: Scheduler) {
    for check in TheoryCheck.guidance {
      let verdict = check.verdict(in: Self.setting(scheduler, seed: 1))
      #expect(verdict.passes, "\(verdict)")
    }
  }

  @Test("they are 37 to 39, each with a control or a tilt that is one's own, by number")
  func catalogue() {
    #expect(TheoryCheck.guidance.map(\.number) == [37, 37, 38, 39, 39])
    #expect(TheoryCheck.guidance.count(where: \.isControl) == 2)
  }

  @Test("another coefficient, off by a hundredth or with its sign turned, and the identity fails")
  func mutations() {
    for check in TheoryCheck.guidance where !check.isControl {
      for k in check.coefficients.indices {
        for factor in [-1, 1.01] {
          var coefficients = check.coefficients
          coefficients[k] *= factor
          // A hundredth of the drift is one of noise's, which hides it.
          if check.name == TheoryCheck.guidedNoise.name && (factor > 0 || k == 0) { continue }
          let verdict = check.verdict(in: Self.setting(seed: 3), coefficients: coefficients)
          #expect(!verdict.passes, "\(check.name), coefficient \(k): \(verdict.residual)")
        }
      }
    }
  }
}
