/// States of many points on their way along a flow, carried in slices: a solve, or what does without.
///
/// The result does not depend on the slices. There is no clock in it: a budget counts evaluations at
/// points.
public protocol Transport: Sendable {
  /// The time that the last complete state belongs to.
  var t: Double { get }

  /// The last complete state, `d×n`.
  var state: Batch { get }

  /// The velocities there, `d×n`; nil where there are none, or none yet.
  var velocity: Batch? { get }

  /// Where it stands.
  var status: Integrator.Status { get }

  /// How far it has got, from 0 to 1.
  var progress: Double { get }

  /// The steps that lead to `state`.
  var steps: Int { get }

  /// Every step that was tried; empty where none is ever in vain.
  var attempts: [StepAttempt] { get }

  /// Evaluations of a network, or of another field, per trajectory so far.
  var evaluations: Int { get }

  /// Evaluations of the whole way, as far as they can be told now.
  var totalEvaluations: Int { get }

  /// How many points are no longer finite; they do not stop the others.
  var lostCount: Int { get }

  /// The tolerance that the steps could keep to where rounding let them keep to no smaller one; nil
  /// where steps have none.
  var toleranceReached: Double? { get }

  /// The last state with its velocities, of an SDE without; nil where they are still to come.
  var knot: Knot? { get }

  /// Works until a new state is there, the way is over, or at least `budget` evaluations at points were
  /// spent; returns how many were. Does nothing unless the status is `running`.
  mutating func advance(budget: Int) -> Int
}

extension Transport {
  public var attempts: [StepAttempt] { [] }
  public var toleranceReached: Double? { nil }

  public var knot: Knot? { velocity.map { Knot(t: t, x: state, velocity: $0) } }

  /// Why and where it ended early, if it did.
  public var failure: Integrator.Failure? {
    if case .failed(let failure) = status { failure } else { nil }
  }

  /// Runs to the end or to a failure; `progress` hears now and then how far it has got.
  public mutating func finish(_ progress: (Double) -> Void = { _ in }) {
    while status == .running {
      _ = advance(budget: 1 << 16)
      progress(self.progress)
    }
  }
}

/// How points are to be carried, as far as a flow leaves a choice.
public struct TransportPlan: Sendable {
  /// The method where a solver is needed.
  public var solver: ButcherTableau
  /// Its steps.
  public var control: StepControl
  /// The relative and absolute tolerance of steps that every point has for itself, instead of those; nil
  /// where all share theirs.
  public var ownTolerance: Double?
  /// At most so many points are the unit of work.
  public var chunkSize: Int
  /// The even steps of t in which maps in closed form are done.
  public var mapSteps = 1
  /// The times between 0 and 1 at which the jumps of a flow map end; nil follows its velocity by the solver.
  public var jumps: [Double]?
  /// The pictures of each jump, its end being the last.
  public var pictures = 1
  /// The noise that is added on the way; nil for none.
  public var noise: AddedNoise?
  /// How letters jump, where they do, and the numbers that decide.
  public var letters = TokenChoice()
  public var random = Random(seed: 0)

  /// A plan without noise.
  public init(
    _ solver: ButcherTableau = .midpoint, control: StepControl = .fixed(steps: 20),
    chunkSize: Int = Integrator.largestChunk
  ) {
    self.solver = solver
    self.control = control
    self.chunkSize = chunkSize
  }
}

/// Noise on the way, forwards in time, in equal steps.
public struct AddedNoise: Sendable {
  /// The method.
  public let stepper: any StochasticStepper
  /// How much.
  public let schedule: NoiseSchedule
  /// The number of steps.
  public let steps: Int
  /// The schedule by which the velocity implies its score.
  public let scheduler: Scheduler
  /// Where the increments come from.
  public let random: Random

  /// Noise of that schedule by a method.
  public init(
    _ stepper: any StochasticStepper, _ schedule: NoiseSchedule, steps: Int, scheduler: Scheduler,
    random: Random
  ) {
    self.stepper = stepper
    self.schedule = schedule
    self.steps = steps
    self.scheduler = scheduler
    self.random = random
  }
}

/// What a state consists of.
public enum Cargo: Sendable, Hashable {
  /// The points, `d×n`.
  case points
  /// The points with their log-density, `(d + 1)×n`, see `DensityFlow`.
  case density
  /// The same with a probe for each point, `(2d + 1)×n`, and Hutchinson's estimate of the divergence.
  case probedDensity
  /// The points with ∫|v|²dt along their way, `(d + 1)×n`.
  case energy
}
