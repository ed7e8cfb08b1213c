/// The examination of one network, a piece at a time: every activation that it may have is looked at, then the
/// best one closely.
public struct NetworkExamination: Sendable {
  /// What was found out.
  public struct Findings: Sendable {
    /// The verdict with its table.
    public let diagnosis: Diagnosis
    /// The activation with which it was found, and whether nobody had said it.
    public let activation: Activation
    public let isActivationFound: Bool
    /// The residual of the verdict's reading with each activation, the best first.
    public let activations: [(activation: Activation, residual: Estimate)]
    /// What its weights tell.
    public let survey: WeightSurvey
  }

  /// The doctor that asks.
  public let doctor: NetworkDoctor
  /// What was found out; nil before the last piece.
  public private(set) var findings: Findings?
  private let network: MLPWeights
  private let candidates: [Activation]
  private var looks: [(activation: Activation, table: DoctorTable)] = []

  /// An examination of a network whose activation is its own, or where nobody says it one of all.
  public init(_ network: MLPWeights, by doctor: NetworkDoctor, isActivationTold: Bool) {
    self.network = network
    self.doctor = doctor
    candidates =
      isActivationTold || network.shape.widths.isEmpty
      ? [network.shape.activation] : Activation.allCases
  }

  /// Does one more piece.
  public mutating func advance() {
    guard findings == nil else { return }
    if looks.count < candidates.count {
      let activation = candidates[looks.count]
      looks.append((activation, table(activation, isFirstLook: true)))
      return
    }
    let chosen =
      looks.min { $0.table.best < $1.table.best }?.activation ?? network.shape.activation
    let survey = WeightSurvey(network.with(chosen), probes: doctor.probes)
    let table = table(chosen, isFirstLook: false)
    // Read as x, y, t it would not know x, and no field moves points whatever their x; read as t, x, y it does not
    // know t, as a field may.
    let told: Slip? =
      doctor.examined.order == .pointTime && survey.silentInputs == [0] ? .inputsTimeFirst : nil
    let diagnosis = Diagnosis(table, isFresh: survey.isFresh, told: told)
    let names = diagnosis.best.hypothesis.names
    let activations = looks.compactMap { look in
      (look.activation == chosen ? table : look.table).row(names).map {
        (activation: look.activation, residual: $0.residual)
      }
    }.sorted { $0.residual.mean < $1.residual.mean }
    findings = Findings(
      diagnosis: diagnosis, activation: chosen, isActivationFound: candidates.count > 1,
      activations: activations, survey: survey)
  }

  /// Does all that is left.
  public mutating func finish() -> Findings {
    while true {
      if let findings { return findings }
      advance()
    }
  }

  private func table(_ activation: Activation, isFirstLook: Bool) -> DoctorTable {
    doctor.table(
      of: MLP(network.with(activation)), activation: activation,
      work: network.shape.parameterCount, isFirstLook: isFirstLook)
  }
}

extension MLPWeights {
  /// The same weights between other activations.
  public func with(_ activation: Activation) -> MLPWeights {
    MLPWeights(
      shape: MLPShape(dimension: shape.dimension, widths: shape.widths, activation: activation),
      values: values)
  }
}
