import FlowMatching

/// What the doctor says of the network that is followed, found out in pieces: of one version after the other,
/// those that come meanwhile but for the newest passed over.
public struct DoctorStudy: Sendable {
  /// A verdict.
  public struct Finding: Sendable {
    /// The step of the weights that it is of.
    public let step: Int
    /// What was found out.
    public let findings: NetworkExamination.Findings
  }

  /// The newest verdict; nil before the first.
  public private(set) var finding: Finding?
  private let doctor: NetworkDoctor
  private var current: (step: Int, examination: NetworkExamination)?
  private var waiting: (step: Int, weights: MLPWeights, isActivationTold: Bool)?

  /// A study of a run's networks; nil where no exact field is known that they could be held against.
  public init?(of experiment: Experiment, to dataset: Dataset, as reading: ForeignReading) {
    guard experiment.space == nil, !experiment.learnsPosterior, experiment.letters == nil,
      dataset.dimension == experiment.dimension,
      let examined = DoctorCase(experiment, to: dataset, in: reading.units, order: reading.order)
    else { return nil }
    doctor = NetworkDoctor(examined)
  }

  /// Takes a newer network.
  mutating func take(_ weights: FlowWeights, step: Int, isActivationTold: Bool) {
    guard let network = weights.network?.bound(to: nil).atOneTime else { return }
    waiting = (step, network, isActivationTold)
  }

  /// Whether every network has its verdict.
  public var isOver: Bool { current == nil && waiting == nil }

  /// Does one more piece.
  mutating func advance() {
    if current == nil, let next = waiting {
      waiting = nil
      current = (
        next.step,
        NetworkExamination(next.weights, by: doctor, isActivationTold: next.isActivationTold)
      )
    }
    guard let step = current?.step, var examination = current?.examination else { return }
    examination.advance()
    current = (step, examination)
    guard let findings = examination.findings else { return }
    finding = Finding(step: step, findings: findings)
    current = nil
  }
}
