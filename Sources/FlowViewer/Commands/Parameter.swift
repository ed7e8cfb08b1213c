import FlowMatching
import TerminalCanvas

/// A number or a name that a person can set while the viewer runs.
public enum Parameter: String, Sendable, CaseIterable {
  case dataset = "data set"
  case solver
  case steps = "solver steps"
  case tolerance
  case velocity = "lane velocity"
  case particles
  case speed
  case model
  case objective
  case source
  case scheduler
  case path
  case coupling
  case prediction
  case loss
  case widths
  case activation
  case learningRate = "learning rate"
  case weightDecay = "weight decay"
  case batch
  case trainingSteps = "training steps"
  case seed

  /// Whether it belongs to training, not to the solve of a lane.
  var isOfTraining: Bool {
    restartsTraining || [.learningRate, .weightDecay, .trainingSteps].contains(self)
  }

  /// Whether a change begins training anew.
  public var restartsTraining: Bool {
    switch self {
    case .solver, .steps, .tolerance, .velocity, .particles, .speed: false
    case .learningRate, .weightDecay, .trainingSteps: false
    case .source, .path, .coupling, .prediction, .loss: true
    case .dataset, .scheduler, .widths, .activation, .batch: true
    case .model, .objective, .seed: true
    }
  }

  /// What a value may be, in a few words.
  var range: String {
    switch self {
    case .solver, .objective, .scheduler, .activation, .source, .prediction:
      "a name of the list"
    case .dataset: "a name of the list, or text: and a word; B draws one"
    case .path, .coupling, .loss, .model: "a name of the list, some with a number: “sinkhorn:0.5”"
    case .velocity: "a name of the list, some with a number: “swirl:3”"
    case .steps: "1 to 256"
    case .tolerance: "1e-9 to 1e-1"
    case .particles: "256 to 1 048 576"
    case .speed: "0.0625 to 16"
    case .widths: "1 to 16 layers of 1 to 4096 units"
    case .learningRate: "a positive number up to 10"
    case .weightDecay: "0 to 10"
    case .batch: "1 to 65 536"
    case .trainingSteps: "1 to 1 000 000 000"
    case .seed: "a whole number from 0 on"
    }
  }

  /// One sentence about it.
  var summary: String {
    switch self {
    case .dataset: "What the flow is to reach."
    case .solver: "The method that carries the particles; weights, noise and t stay."
    case .steps: "Equal steps of a fixed-step method over [0, 1]."
    case .tolerance: "Relative and absolute tolerance of an adaptive method."
    case .velocity: "The field that carries a lane: learned, exact, or with the score added."
    case .particles: "How many points are carried; a cell of the plot shows 2×4 dots."
    case .speed: "How fast t runs; at 1 a pass takes four seconds."
    case .model:
      """
      One network, which is a velocity, or RealNVP: layers that each move half of the coordinates, \
      by as much as a network of the other half says. Those are trained by likelihood alone.
      """
    case .objective:
      """
      What is minimised: the error of the field along paths, or minus log p₁ of the data, solved \
      backward in 20 steps, which makes a step dear.
      """
    case .scheduler: "How data replaces noise along the path, α_t and σ_t."
    case .source: "Where the flow starts: N(0, I), or a data set."
    case .path: "The way between the ends; some add noise of their own."
    case .coupling: "How the ends of a batch are paired."
    case .prediction: "What the network predicts; velocities are made of it where it is shown."
    case .loss: "What training minimises; the absolute and the reversed one learn something else."
    case .widths: "Units of the hidden layers, such as 64,64,64."
    case .activation:
      """
      The nonlinearity of the hidden layers. SELU's derivative jumps at 0, so that its densities \
      have kinks; SiLU, tanh and softplus are smooth.
      """
    case .learningRate: "Adam's step size."
    case .weightDecay: "AdamW's decoupled weight decay; 0 is Adam."
    case .batch: "Pairs of noise and data in one optimiser step."
    case .trainingSteps: "Optimiser steps until training rests; T goes on after that."
    case .seed: "The seed of every random stream: the same seed gives the same run."
    }
  }

  /// Values to go through, in order, as they are typed.
  var choices: [String] {
    switch self {
    case .dataset: DatasetCatalog.all.map(\.name)
    case .solver: LaneSettings.solverNames
    case .steps: ["1", "2", "4", "8", "16", "20", "32", "64", "128", "256"]
    case .tolerance: (1...9).map { "1e-\($0)" }
    case .velocity: LaneVelocity.all.map(\.description)
    case .particles: (8...20).map { String(1 << $0) }
    case .speed: ["0.125", "0.25", "0.5", "1", "2", "4", "8"]
    case .model:
      [4, 8, 16].reduce([FlowModel.velocity.description]) {
        $0 + [FlowModel.affineLayers($1).description]
      }
    case .objective: Objective.allCases.map(\.rawValue)
    case .scheduler: Scheduler.all.map(\.name)
    case .source: Source.names
    case .path: ConditionalPath.all.map(\.description)
    case .coupling: CouplingChoice.all.filter { !$0.needsPairs }.map(\.description)
    case .prediction: Prediction.allCases.map(\.rawValue)
    case .loss: Loss.all.map(\.description)
    case .widths: ["16,16", "32,32", "64,64", "64,64,64", "128,128,128", "256,256,256"]
    case .activation: Activation.allCases.map(\.rawValue)
    case .learningRate: ["1e-4", "3e-4", "1e-3", "3e-3", "1e-2"]
    case .weightDecay: ["0", "1e-5", "1e-4", "1e-3", "1e-2"]
    case .batch: ["32", "64", "128", "256", "512", "1024", "2048", "4096"]
    case .trainingSteps: ["1000", "5000", "20000", "60000", "200000", "1000000"]
    case .seed: (0...9).map(String.init)
    }
  }

  /// How a choice is written on the screen.
  func title(of choice: String) -> String {
    switch self {
    case .dataset: (try? DatasetCatalog.named(choice))?.title ?? choice
    case .solver: LaneSettings.title(ofSolver: choice) ?? choice
    case .model: (try? FlowModel.named(choice))?.title ?? choice
    case .velocity: (try? LaneVelocity.named(choice))?.title ?? choice
    case .objective: Objective(rawValue: choice)?.title ?? choice
    case .scheduler: Scheduler.all.first { $0.name == choice }?.title ?? choice
    case .activation: Activation(rawValue: choice)?.title ?? choice
    case .prediction: Prediction(rawValue: choice)?.title ?? choice
    default: choice
    }
  }
}

/// What a new value means for the viewer.
enum ParameterChange: Sendable, Equatable {
  /// Trains anew.
  case experiment(Experiment)
  /// Trains on, and what was learned stays.
  case optimiser(Experiment, mark: String)
  case lane(LaneSettings)
  case particles(Int)
  case speed(Double)
}

/// Why a value cannot be taken, in one sentence.
struct ParameterMistake: Error, Equatable {
  let reason: String
}
