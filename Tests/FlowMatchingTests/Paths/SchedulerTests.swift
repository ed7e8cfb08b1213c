import Testing

@testable import FlowMatching

@Suite struct SchedulerTests {
  static let all = Scheduler.all
  static let inner = Array(stride(from: 0.02, through: 0.98, by: 0.04))

  @Test("a schedule begins with noise, ends with data, and always moves", arguments: all)
  func ends(scheduler: Scheduler) {
    let (start, end) = (scheduler.coefficients(at: 0), scheduler.coefficients(at: 1))
    // The diffusion keeps e^(−T(0)/2) = exp(−10.05/2) of the data.
    let rest = scheduler == .variancePreserving ? exponential(-5.025) : 0
    #expect(abs(start.alpha - rest) < 1e-9)
    #expect(abs(start.sigma - (1 - rest * rest).squareRoot()) < 1e-12)
    #expect(end.alpha == 1 && end.sigma == 0)
    for t in Self.inner { #expect(scheduler.coefficients(at: t).determinant > 0) }
    for c in [start, end] {
      #expect(
        [c.alphaRate, c.sigmaRate, c.sigmaProduct, c.determinant].allSatisfy { $0.isFinite })
    }
  }

  @Test("the rates are the derivatives of α, σ and σ²/2", arguments: all)
  func rates(scheduler: Scheduler) {
    let h = 1e-5
    for t in Self.inner {
      let c = scheduler.coefficients(at: t)
      let (a, b) = (scheduler.coefficients(at: t - h), scheduler.coefficients(at: t + h))
      #expect(abs((b.alpha - a.alpha) / (2 * h) - c.alphaRate) < 1e-7)
      #expect(abs((b.sigma - a.sigma) / (2 * h) - c.sigmaRate) < 1e-6 * (1 + abs(c.sigmaRate)))
      let square = (b.sigma * b.sigma - a.sigma * a.sigma) / (4 * h)
      #expect(abs(square - c.sigmaProduct) < 1e-7)
      #expect(abs(c.sigma * c.sigmaRate - c.sigmaProduct) < 1e-12)
    }
  }

  @Test("σσ̇ is exact at t = 1 where σ̇ is infinite, and σ̇ stays where it was at 1 − 1e-5")
  func singularEnd() {
    for (scheduler, product, rate) in [
      (Scheduler.linearVP, -1.0, -223.604_5), (.variancePreserving, -0.05, -50.0),
    ] {
      let end = scheduler.coefficients(at: 1)
      #expect(abs(end.sigmaProduct - product) < 1e-12)
      #expect(abs(end.sigmaRate / rate - 1) < 2e-3)
      #expect(end.sigmaRate == scheduler.coefficients(at: 1 - 1e-6).sigmaRate)
      #expect(end.alphaRate == (scheduler == .linearVP ? 1 : 0.05))
    }
  }

  @Test("α, σ, α̇ and σ̇ at t = 0.3 are those computed independently")
  func table() {
    for (scheduler, expected) in [
      (Scheduler.conditionalOT, [0.3, 0.7, 1, -1]), (.polynomial(2), [0.09, 0.91, 0.6, -0.6]),
      (.polynomial(3), [0.027, 0.973, 0.27, -0.27]),
      (.cosine, [0.453_990_5, 0.891_006_5, 1.399_589_8, -0.713_126_6]),
      (.linearVP, [0.3, 0.953_939_2, 1, -0.314_485_5]),
      (.variancePreserving, [0.084_352_6, 0.996_436_0, 0.591_733_3, -0.050_092_8]),
    ] {
      let c = scheduler.coefficients(at: 0.3)
      for (value, known) in zip([c.alpha, c.sigma, c.alphaRate, c.sigmaRate], expected) {
        #expect(abs(value - known) < 1e-7, "\(scheduler)")
      }
    }
  }

  @Test("D has its closed form", arguments: inner)
  func determinant(t: Double) {
    func d(_ scheduler: Scheduler) -> Double { scheduler.coefficients(at: t).determinant }
    #expect(d(.conditionalOT) == 1)
    #expect(abs(d(.polynomial(4)) - 4 * t * t * t) < 1e-12)
    #expect(abs(d(.cosine) - .pi / 2) < 1e-12)
    for scheduler in [Scheduler.linearVP, .variancePreserving] {
      let c = scheduler.coefficients(at: t)
      #expect(abs(d(scheduler) - c.alphaRate / c.sigma) < 1e-11)
    }
  }

  @Test("t is found again from α/σ, and ratios of 0 and ∞ are the ends", arguments: all)
  func inverse(scheduler: Scheduler) {
    for t in Self.inner + [1e-6, 1 - 1e-6] {
      let ratio = scheduler.coefficients(at: t).signalToNoise
      #expect(abs(scheduler.time(inverseSignalToNoise: ratio) - t) < 1e-10, "\(t)")
    }
    #expect(scheduler.time(inverseSignalToNoise: 0) == 0)
    #expect(scheduler.time(inverseSignalToNoise: .infinity) == 1)
  }

  @Test("the variance-preserving schedule keeps its digits where e^(−T) is nearly 1")
  func cancellation() {
    // σ² = T − T²/2 + …, T = 9.95e-18 + 1e-10 at 1 − t = 1e-9.
    let t = 1 - 1e-9
    let left = 1 - t
    let decay = 9.95 * left * left + 0.1 * left
    let sigma = Scheduler.variancePreserving.coefficients(at: t).sigma
    #expect(abs(sigma / decay.squareRoot() - 1) < 1e-10)
  }

  @Test("a schedule is found and saved by its name; polynomials of other degrees have one too")
  func names() throws {
    #expect(Set(Self.all.map(\.name)).count == Self.all.count)
    for scheduler in Self.all + [.polynomial(7)] {
      #expect(try Scheduler.named(scheduler.name) == scheduler)
      #expect(!scheduler.title.isEmpty && !scheduler.formula.contains("\n"))
    }
    for name in ["polynomial-0", "polynomial-02", "polynomial-1e9", "polynomial-", "conditionalOT"]
    {
      #expect(throws: UnknownName.self) { try Scheduler.named(name) }
    }
  }
}
