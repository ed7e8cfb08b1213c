import Testing

@testable import FlowMatching

@Suite struct StepSizeControllerTests {
  private var controller: StepSizeController {
    StepSizeController(relative: 1e-3, absolute: 1e-6, order: 5)
  }

  @Test("an accepted step scales by 0.9·err^(−1/5), between a fifth and ten times")
  func factor() {
    for (error, expected) in [(1.0, 0.9), (1.0 / 32, 1.8), (1e-12, 10), (0, 10)] {
      var judge = controller
      let (isAccepted, factor) = judge.judge(error: error)
      #expect(isAccepted && abs(factor - expected) < 1e-12)
    }
  }

  @Test("a step beyond the tolerance is rejected and shrinks, to a fifth at most")
  func rejection() {
    for (error, expected) in [(32.0, 0.45), (1e9, 0.2), (.nan, 0.2), (.infinity, 0.2)] {
      var judge = controller
      let (isAccepted, factor) = judge.judge(error: error)
      #expect(!isAccepted && abs(factor - expected) < 1e-12)
    }
  }

  @Test("the step after a rejection does not grow, the one after that may")
  func caution() {
    var judge = controller
    _ = judge.judge(error: 5)
    #expect(judge.judge(error: 1e-6) == (true, 1))
    #expect(judge.judge(error: 1e-6).factor == 10)
  }

  @Test("the norm is the root mean square of errors over tolerances, lost points left out")
  func norm() {
    let errors = Batch(points: [[3e-6, 0], [1e-3, 2e-3]])
    let a = Batch(points: [[0, 0], [-1, 0.5]])
    let b = Batch(points: [[0, 0], [0.5, 1]])
    // Tolerances 1e-6 for the first point, 1e-6 + 1e-3 for the second.
    let second = 1e-3 / 1.001e-3
    let all = ((9 + second * second * 5) / 4).squareRoot()
    #expect(abs(controller.norm(of: errors, a, b, excluding: [false, false]) - all) < 1e-12)
    let first = (9.0 / 2).squareRoot()
    #expect(abs(controller.norm(of: errors, a, b, excluding: [false, true]) - first) < 1e-12)
    #expect(controller.norm(of: errors, a, b, excluding: [true, true]) == 0)
  }

  @Test("the first step follows Hairer's rule and never exceeds the span")
  func firstStep() {
    #expect(controller.trialStep(positionNorm: 4, velocityNorm: 2, span: 1) == 0.02)
    #expect(controller.trialStep(positionNorm: 0, velocityNorm: 2, span: 1) == 1e-6)
    #expect(controller.trialStep(positionNorm: 4, velocityNorm: 2, span: 0.001) == 0.001)
    // (0.01/320)^(1/5) = 0.125594….
    let step = controller.firstStep(trial: 0.02, velocityNorm: 2, curvatureNorm: 320, span: 1)
    #expect(abs(step - exponential(logarithm(0.01 / 320) / 5)) < 1e-12)
    #expect(
      controller.firstStep(trial: 1e-4, velocityNorm: 2, curvatureNorm: 3, span: 1) == 0.01)
    #expect(
      controller.firstStep(trial: 0.02, velocityNorm: 2, curvatureNorm: .nan, span: 1) == 0.02)
  }
}
