import FileFormats
import FlowMatching

extension Evaluate {
  /// What the model is measured against: of a model that is asked for a class, that class.
  func target(of stored: StoredRun, _ asked: Guidance, seed: UInt64) throws -> EvaluationTarget {
    let whole = try named() ?? own(of: stored)
    if dataset != nil, let whole { try model.requireSpace(of: stored, whole) }
    let known = try whole.map { try part(of: $0, asked, stored) }
    var target = try target(known, stored, seed: seed)
    if target.hasDensity { target.whole = whole }
    return target
  }

  private func target(
    _ known: Dataset?, _ stored: StoredRun, seed: UInt64
  ) throws -> EvaluationTarget {
    // A catalogue's density is that of its own units.
    let units = stored.units.data
    let isInOtherUnits = dataset != nil && units != nil
    if let data {
      let place = try notationOptions.place(of: stored)
      let given = try points(of: data, in: place, units, seed: seed)
      var target = EvaluationTarget(
        points: given.points, of: given.total, in: Input.name(of: data), on: place.space,
        beside: isInOtherUnits ? nil : known, seed: seed)
      target.filePoints = given.total
      return target
    }
    guard let known else {
      throw Failure.usage(
        "the file does not say what it was trained on: add --dataset NAME or --data FILE")
    }
    guard isInOtherUnits, let units else { return EvaluationTarget(known) }
    return EvaluationTarget(
      drawing: count ?? Evaluate.usualCount, of: known, in: units, seed: seed)
  }

  /// The class that is asked for, by its name; all where none is.
  private func part(
    of dataset: Dataset, _ asked: Guidance, _ stored: StoredRun
  ) throws -> Dataset {
    if let observation = asked.observation {
      guard let posterior = dataset.given(observation) else {
        throw Failure.usage(
          "the posterior of this observation is not known: without --given it is measured by pairs",
          option: "--given")
      }
      return posterior
    }
    guard let label = asked.label else { return dataset }
    let name = try model.experiment(of: stored).traits.classes[label]
    guard let own = dataset.classNames.firstIndex(of: name) else {
      throw Failure.usage(
        "\(dataset.name) has no class “\(Output.visible(name))” to measure against: give its points with "
          + "--data", option: "--dataset")
    }
    return dataset.part(own)
  }

  /// The points of `--data` in the model's units, no more than asked for, and how many the file has.
  private func points(
    of path: String, in place: PointPlace, _ units: Standardisation?, seed: UInt64
  ) throws -> (points: Batch, total: Int) {
    var random = Random(seed: seed).stream("evaluation").stream("rows")
    var reader = try columns.points(
      of: path, in: place, limit: units == nil ? .single : .double, quiet: options.quiet)
    do throws(FileFailure) {
      guard let (points, total) = try reader.some(count ?? Evaluate.mostPoints, using: &random),
        points.count > 1
      else { throw .malformed("a measure needs two points at least") }
      if points.count < total {
        options.message(
          "\(points.count) of the \(total) points of \(Input.name(of: path)) are measured, drawn at random"
            + (points.count < 100_000 ? "; --count takes more, up to 100000" : ""))
      }
      return (units?.applied(to: points) ?? points, total)
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// The data set of `--dataset`.
  private func named() throws -> Dataset? {
    try dataset.map { name in try Failure.named("--dataset") { try DatasetCatalog.named(name) } }
  }

  /// The target of the checkpoint's run.
  private func own(of stored: StoredRun) throws -> Dataset? {
    do throws(FileFailure) { return try stored.dataset() } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
  }
}
