import FlowMatching
import TerminalCanvas

/// One step of training, slowly: a copy of the weights is trained by hand, batch after batch, and every stage of
/// a step is drawn. The training itself goes on and is not touched.
struct StepLesson: Sendable {
  /// What a step consists of.
  enum Stage: Int, CaseIterable, Sendable {
    case pairs, points, wanted, said, changed
  }

  /// What the copy was taken of: another run begins anew.
  let generation: Int
  /// The step of training of the weights that the copy began with.
  let weightsStep: Int
  /// Those weights.
  let start: FlowWeights
  /// The steps so far, the last of which is shown.
  private(set) var steps: [TrainingStep] = []
  private(set) var stage = Stage.pairs

  /// The steps that can be undone.
  static let most = 200

  init(generation: Int, weightsStep: Int, start: FlowWeights, first: TrainingStep) {
    self.generation = generation
    self.weightsStep = weightsStep
    self.start = start
    steps = [first]
  }

  /// Whether anybody went on in it: until then it is of the newest weights.
  var isTouched: Bool { steps.count > 1 || stage != .pairs }

  /// The step on show.
  var shown: TrainingStep { steps[steps.count - 1] }

  /// Goes on to the next stage; after the last the step is taken and `next` makes another.
  mutating func goOn(_ next: (FlowWeights, Int) -> TrainingStep) {
    if let following = Stage(rawValue: stage.rawValue + 1) {
      stage = following
    } else if steps.count < StepLesson.most {
      steps.append(next(shown.weights, steps.count))
      stage = .pairs
    }
  }

  /// Goes back by a stage; before the first the last step is undone. False where there is none.
  mutating func goBack() -> Bool {
    if let before = Stage(rawValue: stage.rawValue - 1) {
      stage = before
    } else if steps.count > 1 {
      steps.removeLast()
      stage = .changed
    } else {
      return false
    }
    return true
  }
}

extension AppState {
  /// Why one step cannot be shown; nil where it can.
  var complaintOfSteps: String? {
    isComparing ? "needs a single lane: | joins them" : TrainingStep.complaint(of: experiment)
  }

  /// Takes a copy of the weights where the view has none of this run.
  mutating func prepareLesson() {
    guard look.scenery.view == .step, complaintOfSteps == nil else { return }
    if let lesson = probes.lesson, lesson.generation == training.generation,
      lesson.isTouched || lesson.weightsStep == shownWeightsStep
    {
      return
    }
    let first = step(from: shownWeights, 0)
    probes.update(
      .lesson(
        StepLesson(
          generation: training.generation, weightsStep: shownWeightsStep, start: shownWeights,
          first: first)))
    revision += 1
  }

  /// Goes through the stages of a step.
  mutating func turnLesson(forward: Bool) {
    guard var lesson = probes.lesson else { return }
    if forward {
      lesson.goOn { step(from: $0, $1) }
    } else if !lesson.goBack() {
      return say("step", "this is the first: . goes on")
    }
    probes.update(.lesson(lesson))
    revision += 1
  }

  private func step(from weights: FlowWeights, _ index: Int) -> TrainingStep {
    TrainingStep(
      of: weights, experiment, from: scene.source, to: dataset,
      index: index + 1000 * particles.noiseIndex, instructionSet: options.instructionSet)
  }
}
