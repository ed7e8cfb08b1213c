import Testing

@testable import FlowMatching

@Suite("Identities of particles")
struct ParticleTheoryTests {
  private static let setting = TheorySetting(
    dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: 3)!

  @Test("Every identity holds and every control fails", arguments: TheoryCheck.particles.indices)
  func holds(index: Int) {
    let verdict = TheoryCheck.particles[index].verdict(in: Self.setting)
    #expect(verdict.passes, "\(verdict)")
  }

  @Test("Each coefficient of a formula matters")
  func coefficients() {
    for check in TheoryCheck.particles where !check.isControl {
      for k in check.coefficients.indices {
        var others = check.coefficients
        others[k] *= 4
        #expect(!check.verdict(in: Self.setting, coefficients: others).passes, "\(check.name) \(k)")
      }
    }
  }

  @Test("They have numbers of their own, two of them a control")
  func numbers() {
    #expect(TheoryCheck.particles.map(\.number) == [45, 45, 46, 47, 48, 48])
    #expect(TheoryCheck.particles.count(where: \.isControl) == 2)
  }
}
