import Testing

@testable import FlowMatching

@Suite("The table of conversions")
struct ConversionTableTests {
  @Test(
    "Every prediction follows from every other one, under every schedule", arguments: Scheduler.all)
  func conversions(scheduler: Scheduler) {
    let (data, noise) = (1.7, -0.6)
    for t in [0.05, 0.3, 0.5, 0.8, 0.97] {
      let c = scheduler.coefficients(at: t)
      let x = c.alpha * data + c.sigma * noise
      let values: [Prediction: Double] = [
        .velocity: c.alphaRate * data + c.sigmaRate * noise, .target: data, .source: noise,
        .score: -noise / c.sigma,
      ]
      let table = ConversionTable(c)
      for wanted in Prediction.allCases {
        for given in Prediction.allCases {
          let combination = table.combination(of: wanted, from: given)
          let value = combination.x * x + combination.other * values[given]!
          let size = 1 + abs(combination.x * x) + abs(combination.other * values[given]!)
          #expect(abs(value - values[wanted]!) < 1e-12 * size, "\(wanted) from \(given) at \(t)")
        }
      }
    }
  }

  @Test("Under conditional OT the velocity is (data − x)/(1 − t) and (x − noise)/t")
  func conditionalOT() {
    let table = ConversionTable(Scheduler.conditionalOT.coefficients(at: 0.25))
    let data = table.combination(of: .velocity, from: .target)
    #expect(abs(data.x + 4.0 / 3) < 1e-15 && abs(data.other - 4.0 / 3) < 1e-15)
    let noise = table.combination(of: .velocity, from: .source)
    #expect(noise.x == 4 && noise.other == -4)
  }
}
