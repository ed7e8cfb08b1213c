import FlowMatching

/// What the trainer tells the viewer: the newest weights and everything that is drawn about them.
public struct TrainingReport: Sendable {
  /// Flow matching beside a flow by likelihood.
  public struct Rival: Sendable {
    public var weights: FlowWeights
    /// Its optimiser steps.
    public var step: Int
    /// Its optimiser steps per second, of the time that both share.
    public var stepsPerSecond: Double
  }

  public enum Status: Sendable, Equatable {
    case training
    case paused
    case finished
    /// The loss left the numbers; the weights are the last good ones.
    case failed(String)
  }

  /// Counts restarts: a report of an older run is dropped.
  public var generation = 0
  public var status = Status.training
  /// How the weights are trained, where that is not as the viewer asked for: another program did it,
  /// or the flow's own pairs are learned by now.
  public var experiment: Experiment?
  /// Optimiser steps done.
  public var step = 0
  /// The step at which training ends: the experiment's, or a later one that was asked for since; 0 where
  /// nobody knows.
  public var goal = 0
  /// Optimiser steps per second over the last second or so.
  public var stepsPerSecond = 0.0
  /// The moving average of the weights, which every picture uses.
  public var weights: FlowWeights
  /// The training beside it on the same clock, where there is one.
  public var rival: Rival?
  public var history = LossHistory()
  public var averageLoss: Double?
  public var lossFloor: Double?
  /// The standard error of `lossFloor`, 0 where it is exact.
  public var lossFloorError: Double?
  /// The times that `lossFloor` belongs to, where over all of [0, 1] it would be infinite.
  public var lossFloorCrop: ClosedRange<Double>?
  public var measurements: [TrainingRun.Measurement] = []
  /// Where settings were changed on the way.
  public var marks: [TrainingMark] = []
  public var noiseFloor: NoiseFloor?
  public var noiseFloors: [SampleDistance: NoiseFloor] = [:]
  /// The step from which on the flow's own pairs are learned.
  public var reflowStep: Int?
  /// These pairs, which a file of the run must hold.
  public var pairs: PairTable?
  /// The floor of the loss before that step.
  public var formerFloor: Double?
  /// W2 of the lanes that asked for it, by the identity of their solve.
  public var distances: [DistanceRequest.ID: Double] = [:]
  /// The identities of the theory, once they were asked for.
  public var theory: TheoryStudy?
  /// How often the file of another program's run has been read; 0 before there was one.
  public var readings = 0
  /// What the doctor says of that run; nil where it cannot be asked.
  public var doctor: DoctorStudy?
  /// Weights that were kept on the way, in order of step.
  public var snapshots: [WeightsSnapshot] = []
}

/// Points at t = 1 whose W2 to the target is wanted.
public struct DistanceRequest: Sendable, Identifiable {
  public let id: Int
  /// What carried them: only its newest question is of use.
  public let who: JudgedSolve
  public let points: Batch

  public init(id: Int, of who: JudgedSolve, points: Batch) {
    self.id = id
    self.who = who
    self.points = points
  }
}

/// What the viewer asks of the trainer.
public enum TrainerRequest: Sendable {
  /// Begins anew, with the data of that name unless others are given; reports carry the generation
  /// from then on.
  case restart(Experiment, data: Dataset? = nil, generation: Int)
  case setPaused(Bool)
  /// Goes on until that step, beyond the experiment's.
  case trainTo(Int)
  /// Goes on with the optimiser's settings and the number of steps of an experiment that is the same
  /// in all else; a mark, unless it is empty, says so on the charts.
  case adjust(Experiment, mark: String)
  /// From that step on learns the pairs of its own flow (`TrainingRun.rectify`).
  case reflow(at: Int)
  /// Whose samples the W2 chart judges.
  case measureWith(LaneSettings)
  case distance(DistanceRequest)
  /// Tries the identities of the theory on the newest weights, between two steps each.
  case theory
}

extension TrainerRequest {
  /// Whether `newer` makes this request, which is still waiting, pointless.
  func isSuperseded(by newer: TrainerRequest) -> Bool {
    switch (self, newer) {
    case (.restart, .restart), (.setPaused, .restart), (.distance, .restart): true
    case (.adjust, .restart), (.adjust, .adjust): true
    case (.theory, .restart), (.theory, .theory): true
    case (.trainTo, .restart), (.trainTo, .trainTo): true
    case (.reflow, .restart), (.reflow, .reflow): true
    case (.setPaused, .setPaused), (.measureWith, .measureWith): true
    case (.distance(let old), .distance(let new)): old.who == new.who
    default: false
    }
  }
}

/// Something that trains: a thread, or a loop on a virtual clock.
public protocol TrainingDriver {
  /// Hands over a request; returns at once.
  func send(_ request: TrainerRequest)
  /// The newest report, if there is one that was not taken yet.
  func takeReport() -> TrainingReport?
}
