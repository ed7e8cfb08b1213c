import FlowMatching
import Foundation

/// What `evaluate` prints: the measures with what they were taken of; null in JSON where one does not
/// apply or is not known.
struct EvaluationReport {
  let dataset: String
  /// How many points the file of the target has; nil where it is drawn.
  let filePoints: Int?
  let seed: UInt64
  /// The optimiser steps taken; nil for a foreign network.
  let steps: Int?
  /// The irreducible loss with its standard error, where it is known.
  let floor: Estimate?
  /// The times that it belongs to, where over all of them it would be infinite.
  let floorTimes: ClosedRange<Double>?
  /// How far the loss is above its floor; nil where that is not known.
  let excess: Estimate?
  /// Whether lengths and densities are those of standardised points, not of the file's.
  let isStandardised: Bool
  /// The curved space along which lengths are and against whose area densities are; nil for the plane.
  let space: String?
  /// Why the field error is not known, where that is worth a word.
  let fieldErrorComplaint: String?
  let evaluation: Evaluation

  init(
    dataset: String, filePoints: Int? = nil, seed: UInt64, steps: Int?, floor: Estimate?,
    floorTimes: ClosedRange<Double>?, excess: Estimate?, isStandardised: Bool,
    space: String? = nil, fieldErrorComplaint: String? = nil, _ evaluation: Evaluation
  ) {
    self.dataset = dataset
    self.filePoints = filePoints
    self.seed = seed
    self.steps = steps
    self.floor = floor
    self.floorTimes = floor == nil ? nil : floorTimes
    self.excess = excess
    self.isStandardised = isStandardised
    self.space = space
    self.fieldErrorComplaint = fieldErrorComplaint
    self.evaluation = evaluation
  }

  private var units: String { space ?? Units.name(isStandardised: isStandardised) }

  /// A number with its key and its name for people, and what is known of its error.
  private struct Number {
    let key, title: String
    let value: Double?
    /// The key of the error and the error; nil for a number that has none.
    var error: (key: String, value: Double?)?

    init(_ key: String, _ title: String, _ value: Double?) {
      (self.key, self.title, self.value) = (key, title, value)
    }

    init(_ key: String, _ title: String, _ estimate: Estimate?) {
      self.init(key, title, estimate?.mean)
      error = (key + "_standard_error", estimate?.standardError)
    }

    /// "2.2207 ± 0.01", "unknown"; what is exact has no error.
    var text: String {
      guard let value else { return "unknown" }
      return TableFigure.text(value, error: error?.value.flatMap { $0 == 0 ? nil : $0 })
    }
  }

  /// The numbers with their keys and their names for people.
  private var numbers: [Number] {
    let measured = evaluation
    var sliced = Number("sliced_w2", "sliced W2", measured.slicedW2)
    sliced.error = ("sliced_w2_error", measured.slicedW2Error)
    let flat =
      [sliced] + floor("sliced_w2", measured.floors?.sliced)
      + [Number("energy_distance", "energy distance", measured.energyDistance)]
      + floor("energy_distance", measured.floors?.energy)
    return [
      Number("floor", "loss floor", floor),
      Number("excess_loss", "excess loss", excess),
      space == nil
        ? Number("w2", "W2", measured.w2) : Number("geodesic_w2", "geodesic W2", measured.w2),
      Number("w2_noise_floor", "W2 noise floor", measured.w2NoiseFloor),
      Number("w2_noise_deviation", "its deviation", measured.w2NoiseDeviation),
    ]
      + (space == nil ? flat : [])
      + support(measured) + histograms(measured) + energies(measured.reweighted) + [
        Number("nll", "NLL, nats", measured.nll),
        Number("log_p_error", "error of log p", measured.logPError),
        Number("entropy_floor", "entropy floor", measured.entropyFloor),
        Number("kl", "KL", measured.kl),
        Number("path_energy", "path energy", measured.pathEnergy),
      ]
      + (space == nil
        ? [
          Number("npe", "NPE", measured.npe),
          Number("straightness", "straightness", measured.straightness),
        ] : []) + [
        Number("conditional_kinetic_energy", "conditional KE", measured.conditionalKineticEnergy),
        Number("marginal_kinetic_energy", "marginal KE", measured.marginalKineticEnergy),
        Number("field_error", "field error", measured.fieldError),
      ]
  }

  /// How far two fresh samples of the target are apart by a distance; nothing where that is not measured.
  private func floor(_ key: String, _ floor: NoiseFloor?) -> [Number] {
    guard let floor else { return [] }
    return [
      Number(key + "_noise_floor", "its noise floor", floor.mean),
      Number(key + "_noise_deviation", "its deviation", floor.deviation),
    ]
  }

  /// What lies where the target has a density, of targets that have none elsewhere.
  private func support(_ measured: Evaluation) -> [Number] {
    guard measured.sourceShareOnSupport != nil else { return [] }
    return [
      Number("share_on_support", "on the support", measured.shareOnSupport),
      Number("source_share_on_support", "of the source", measured.sourceShareOnSupport),
    ]
  }

  /// Of a flow map the divergence that is published of others.
  private func histograms(_ measured: Evaluation) -> [Number] {
    guard let histograms = measured.histograms else { return [] }
    return [
      Number("histogram_kl", "histogram KL", histograms.divergence),
      Number("histogram_kl_noise_floor", "of the data itself", histograms.noiseFloor),
    ]
  }

  /// Of four particles the energy of the samples, the same with their weights, and how many of them count.
  private func energies(_ sample: ReweightedSample?) -> [Number] {
    guard let sample else { return [] }
    let share = sample.effectiveShare
    return [
      Number("mean_energy", "mean energy", sample.meanEnergy),
      Number("reweighted_energy", "reweighted", sample.reweightedEnergy),
      Number("exact_energy", "of the target", DoubleWells.meanEnergy),
      Number("effective_sample_size", "effective share", share),
      Number("effective_samples", "effective samples", share * Double(sample.weights.count)),
      Number("log_partition", "log Z", sample.logPartition),
      Number("exact_log_partition", "of the target", DoubleWells.logPartition),
    ]
  }

  /// A table for people.
  var text: String {
    func line(_ title: String, _ value: String) -> String {
      title.padding(toLength: 18, withPad: " ", startingAt: 0) + value + "\n"
    }
    let head =
      line("dataset", Output.visible(dataset)) + line("seed", "\(seed)")
      + line(
        "units",
        space.map { "angles along the \($0), densities by its area" }
          ?? (isStandardised ? "standardised points" : "the file's"))
      + line(
        "samples",
        "\(evaluation.count)"
          + (filePoints.map { $0 > evaluation.count ? " of the file's \($0)" : "" } ?? "")
          + ", NFE \(evaluation.nfe)"
          + (evaluation.distanceCount < evaluation.count
            ? ", W2 of \(evaluation.distanceCount)" : ""))
    let lost = evaluation.lost ?? 0
    let words =
      lost == 0
      ? "" : evaluation.nll == nil ? ": \(lost) points lost" : ", \(lost) points lost, not in it"
    let shown = numbers.filter { $0.key != "log_p_error" || $0.value != nil }
    return shown.reduce(head) { text, number in
      text + line(number.title, number.text + note(on: number, lost: words))
    }
  }

  /// What is said behind a number.
  private func note(on number: Number, lost words: String) -> String {
    switch number.key {
    case "floor": floorTimes.map(TrainReport.words) ?? ""
    case "nll" where evaluation.divergence != .exact: ", the divergence is estimated" + words
    case "nll", "kl": words
    case "npe" where number.value == nil && evaluation.floors != nil:
      ": W2 of samples is no measure of it beyond the plane"
    case "field_error" where number.value == nil: fieldErrorComplaint.map { ": " + $0 } ?? ""
    default: ""
    }
  }
}

extension EvaluationReport: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  // By hand: an unknown number is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(dataset, forKey: Key("dataset"))
    try container.encode(seed, forKey: Key("seed"))
    try container.encode(steps, forKey: Key("steps"))
    try container.encode(evaluation.count, forKey: Key("count"))
    try container.encodeIfPresent(filePoints, forKey: Key("file_points"))
    try container.encode(evaluation.nfe, forKey: Key("nfe"))
    try container.encode(units, forKey: Key("units"))
    try container.encode(
      evaluation.divergence == .exact ? "exact" : "hutchinson", forKey: Key("divergence"))
    try container.encode(evaluation.lost, forKey: Key("lost"))
    try container.encode(evaluation.lostSamples, forKey: Key("lost_samples"))
    try container.encode(evaluation.logPAboveBound, forKey: Key("log_p_above_bound"))
    for number in numbers {
      try container.encode(number.value, forKey: Key(number.key))
      if let error = number.error { try container.encode(error.value, forKey: Key(error.key)) }
    }
    try container.encodeIfPresent(
      floorTimes.map { [$0.lowerBound, $0.upperBound] }, forKey: Key("floor_times"))
  }
}
