import Testing

@testable import FlowMatching

@Suite("The identities of flow maps")
struct MapTheoryTests {
  private static let setting = TheorySetting(
    dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: 0)!

  @Test("Every identity holds and every control fails", arguments: TheoryCheck.maps.indices)
  func verdicts(index: Int) {
    let verdict = TheoryCheck.maps[index].verdict(in: Self.setting)
    #expect(verdict.passes, "\(verdict)")
  }

  @Test("A coefficient that is off by a fiftieth is noticed, of a sampled mean by a twelfth")
  func coefficients() {
    for check in TheoryCheck.maps where !check.isControl {
      for k in check.coefficients.indices {
        var changed = check.coefficients
        changed[k] *= 1.02
        // The standard error of 20 000 draws is a hundredth, and the bound 4.5 of them.
        if check.bound > 1 { changed[k] *= 1.06 }
        #expect(
          !check.verdict(in: Self.setting, coefficients: changed).passes, "\(check.name) \(k)")
      }
    }
  }

  @Test("They have the numbers 40 to 44, each a control")
  func numbers() {
    #expect(Set(TheoryCheck.maps.map(\.number)) == Set(40...44))
    for number in 40...44 {
      #expect(TheoryCheck.maps.contains { $0.number == number && $0.isControl })
    }
    #expect(Set(TheoryCheck.maps.map(\.name)).count == TheoryCheck.maps.count)
  }

  @Test("The sampled floor is within its bound for other seeds too", arguments: [1, 2, 3])
  func seeds(seed: UInt64) {
    let setting = TheorySetting(
      dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: seed)!
    #expect(TheoryCheck.sampledFloor.verdict(in: setting).passes)
    #expect(TheoryCheck.eulerianEquation.verdict(in: setting).passes)
  }
}
