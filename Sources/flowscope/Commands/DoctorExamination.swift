import FileFormats
import FlowMatching
import FlowViewer
import Foundation

/// What was found out about a network, its file and its data.
struct DoctorExamination {
  /// The file, as it was read.
  let stored: StoredRun
  let path: String
  /// What it should have learned, and the option that says so.
  let dataset: Dataset
  let targetOption: [String]
  let findings: NetworkExamination.Findings
  var diagnosis: Diagnosis { findings.diagnosis }
  /// The best residual of each activation, read as the verdict says; one where the file says which.
  var activations: [(activation: Activation, residual: Estimate)] { findings.activations }
  /// The residual of the verdict's reading over time.
  let overTime: [(time: Double, residual: Estimate)]
  /// What is remarkable about the file and about the data, a sentence each.
  let ofFile, ofData: [String]
  /// How the file has to be read, and the options that say so; nil where no reading helps.
  let reading: NetworkReading?
  /// The options of that reading.
  let options: [String]?
  /// Whether the exact field is that of draws.
  let isOfDraws: Bool

  private static let bins = 18

  init(
    _ stored: StoredRun, _ model: ModelOptions, to dataset: Dataset, seed: UInt64, data: String?,
    dataset name: String?
  ) throws {
    self.stored = stored
    self.dataset = dataset
    path = model.checkpoint
    targetOption = data.map { ["--data", $0] } ?? name.map { ["--dataset", $0] } ?? []
    var experiment = try model.experiment(of: stored, to: dataset)
    experiment.seed = seed
    let own = stored.foreign?.reading ?? NetworkReading()
    let network: MLPWeights
    do throws(FileFailure) { network = try stored.network().bound(to: nil).atOneTime } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
    // Data of a file of ours are in its units already.
    let units = dataset.units == nil ? stored.units.data : nil
    let examined = try DoctorExamination.examined(
      experiment, to: dataset, in: units, order: own.inputOrder ?? .pointTime)
    isOfDraws = examined.isOfDraws
    let doctor = NetworkDoctor(examined)
    let isTold = stored.foreign == nil || own.activation != nil
    var examination = NetworkExamination(network, by: doctor, isActivationTold: isTold)
    let found = examination.finish()
    findings = found
    overTime = doctor.overTime(found.diagnosis.best, bins: DoctorExamination.bins)
    ofFile = DoctorFindings.ofFile(stored, found.survey, network.with(found.activation))
    ofData = DoctorFindings.ofData(dataset, examined)
    let named = NetworkReading(
      own, found.diagnosis.tried.hypothesis, units: examined.units, beside: units, experiment)
    var wanted = found.diagnosis.verdict.hasReading ? named : nil
    if wanted != nil, found.isActivationFound { wanted?.activation = found.activation }
    reading = wanted
    options = wanted.map { $0.options(beside: stored.foreign?.metadata) }
  }

  /// What the network is held against; refuses what no exact field is known of.
  private static func examined(
    _ experiment: Experiment, to dataset: Dataset, in units: Standardisation?, order: InputOrder
  ) throws -> DoctorCase {
    if let space = experiment.curvedSpace {
      throw Failure.usage(
        "the doctor knows the slips of flows in the plane, not on the \(space.name)")
    }
    if experiment.learnsPosterior {
      throw Failure.usage(
        "the doctor knows the slips of velocity fields, not of a posterior: evaluate measures that")
    }
    guard let examined = DoctorCase(experiment, to: dataset, in: units, order: order) else {
      throw Failure.usage(
        "the exact field of \(Output.visible(dataset.name)) from \(Output.visible(experiment.source)) with "
          + "pairs by \(experiment.coupling) is not known: there is nothing to compare the network with"
      )
    }
    return examined
  }
}

extension Diagnosis {
  /// The reading that is worth a try: that of the verdict, or the one with which alone it points the right way.
  fileprivate var tried: DoctorTable.Row {
    guard case .undecided(let sets) = verdict, sets.count == 1 else { return best }
    return table.row(sets[0]) ?? best
  }
}

extension Diagnosis.Verdict {
  /// Whether a way to read the file belongs to it.
  fileprivate var hasReading: Bool {
    switch self {
    case .sound, .slips: true
    case .undecided(let sets): !sets.isEmpty
    case .notTrained: false
    }
  }
}

extension NetworkReading {
  /// How a network has to be read that is read so, if a hypothesis is right; nil where no options say it.
  init?(
    _ own: NetworkReading, _ hypothesis: NetworkHypothesis, units: [Standardisation],
    beside data: Standardisation?, _ experiment: Experiment
  ) {
    self = own
    switch hypothesis.clock {
    case .linear(let scale, let isReversed):
      guard scale == 1 || own.isReversed != true else { return nil }
      if scale != 1 { timeScale = (own.timeScale ?? 1) * scale }
      if isReversed { self.isReversed = !(own.isReversed ?? false) }
    case .fixed(let time):
      guard time == 0, own.isReversed != true else { return nil }
      timeScale = 0
    case .shifted: return nil
    }
    if hypothesis.isFlipped { isFlipped = !(own.isFlipped ?? false) }
    if hypothesis.isTurned { inputOrder = (own.inputOrder ?? .pointTime).other }
    if hypothesis.prediction != experiment.prediction { prediction = hypothesis.prediction }
    if hypothesis.scheduler != experiment.scheduler { scheduler = hypothesis.scheduler }
    if let index = hypothesis.units {
      let change = units[index]
      guard let data else {
        self.units = change
        return
      }
      self.units = Standardisation(
        means: zip(zip(data.means, data.deviations), change.means).map { $0.0 + $0.1 * $1 },
        deviations: zip(data.deviations, change.deviations).map { $0 * $1 })
    }
  }

  /// The options that say what the metadata do not.
  func options(beside metadata: NetworkReading?) -> [String] {
    let known = metadata ?? NetworkReading()
    var result: [String] = []
    func add(_ isNew: Bool, _ words: [String]) { if isNew { result += words } }
    if let network { add(network != known.network, ["--network", network]) }
    if let activation {
      add(activation != known.activation, ["--activation", activation.rawValue])
    }
    let order = inputOrder ?? .pointTime
    add(order != known.inputOrder ?? .pointTime, ["--input-order", order.rawValue])
    add(
      (isReversed ?? false) != (known.isReversed ?? false),
      [isReversed == true ? "--reversed-time" : "--no-reversed-time"])
    add(
      (isFlipped ?? false) != (known.isFlipped ?? false),
      [isFlipped == true ? "--flipped-sign" : "--no-flipped-sign"])
    add((timeScale ?? 1) != (known.timeScale ?? 1), ["--time-scale", Self.number(timeScale ?? 1)])
    if let units, units != known.units {
      let numbers =
        Self.isUniform(units)
        ? [units.means[0], units.deviations[0]] : units.means + units.deviations
      result.append("--data-scale=" + numbers.map(Self.number).joined(separator: ","))
    }
    if let prediction {
      add(prediction != known.prediction ?? .velocity, ["--prediction", prediction.rawValue])
    }
    if let scheduler {
      add(scheduler != known.scheduler ?? .conditionalOT, ["--scheduler", scheduler.name])
    }
    return result
  }

  private static func isUniform(_ units: Standardisation) -> Bool {
    units.means.allSatisfy { $0 == units.means[0] }
      && units.deviations.allSatisfy { $0 == units.deviations[0] }
  }

  private static func number(_ value: Double) -> String { String(format: "%.7g", value) }
}
