import FileFormats
import FlowMatching

/// What `train --reflow` learns: the pairs of a trained flow.
struct Rectification {
  private let path: String
  private let checkpoint: StoredRun
  private let network: MLPWeights

  /// Reads the checkpoint of the flow, which must say how it was trained; what was read of a foreign one, with the
  /// activation `otherwise` where it says none, is said unless `quiet`.
  init(
    _ path: String, as reading: NetworkReading = NetworkReading(), otherwise: Activation? = nil,
    quiet: Bool
  ) throws {
    self.path = path
    do throws(FileFailure) {
      checkpoint = try StoredRun(reading: path, as: reading, otherwise: otherwise)
      network = try checkpoint.network()
    } catch {
      throw Failure.file(error, path, isInput: true)
    }
    if !quiet { checkpoint.announce(path) }
  }

  /// Makes the experiment one on pairs of the flow, with the flow's own source, and returns the flow's
  /// data set, or `dataset` where the file names none, with these pairs.
  func begin(_ experiment: inout Experiment, beside dataset: Dataset) throws -> Dataset {
    let teacher = checkpoint.experiment(beside: Experiment())
    if case .rotation = teacher.coupling {
      throw Failure.usage(
        "\(Output.visible(path)) learned given pairs, x₁ = R x₀: there is nothing to pair anew")
    }
    if let space = teacher.curvedSpace {
      throw Failure.usage(
        "\(Output.visible(path)) flows on the \(space.name): reflow pairs anew in the plane alone")
    }
    if teacher.learnsPosterior {
      throw Failure.usage(
        "\(Output.visible(path)) has learned a posterior: reflow pairs anew what flows without an observation"
      )
    }
    var target = dataset
    let source: any Distribution
    do throws(FileFailure) { target = try checkpoint.dataset() ?? dataset } catch {
      throw Failure.file(error, path, isInput: true)
    }
    do { source = try teacher.sourceDistribution(to: target) } catch {
      throw Failure.file(.malformed(error.description), path, isInput: true)
    }
    guard
      let pairs = Reflow.pairs(
        of: teacher.velocityField(of: network), from: source,
        random: Random(seed: experiment.seed))
    else {
      throw Failure(code: .checkFailed, message: "the flow of \(Output.visible(path)) broke off")
        .exit()
    }
    experiment.source = teacher.source
    experiment.dimension = target.dimension
    experiment.coupling = .reflow
    // A foreign network's data are given in their own units, in which it does not work.
    if checkpoint.foreign != nil, let units = checkpoint.units.data {
      return target.with(PairTable(x0: pairs.x0, x1: units.restored(pairs.x1)))
    }
    return target.with(pairs)
  }
}
