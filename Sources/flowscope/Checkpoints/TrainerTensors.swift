import FileFormats
import FlowMatching

/// A trainer's state as tensors: weights and moments as F32, counts and random generators as U64,
/// losses as F64.
enum TrainerTensors {
  private static let randomPrefix = "trainer.random."

  static func encode(_ state: TrainerState) -> [Safetensors.Tensor] {
    func flat(_ name: String, _ values: [Float]) -> Safetensors.Tensor {
      Safetensors.Tensor("trainer." + name, shape: [values.count], floats: values)
    }
    let schedule = state.history.schedule
    let counts = [
      state.stepsDone, state.averageUpdates, state.optimizerSteps, schedule.next,
    ]
    return [
      flat("weights", state.weights), flat("average", state.average),
      flat("first_moment", state.firstMoment), flat("second_moment", state.secondMoment),
      Safetensors.Tensor("trainer.counts", shape: [4], integers: counts.map { UInt64($0) }),
      Safetensors.Tensor(
        "trainer.losses", shape: [4],
        doubles: [state.lastLoss, state.lossSum, state.lossWeight, schedule.spacing]),
      Safetensors.Tensor(
        "trainer.history", shape: [state.history.points.count, 3], doubles: state.history.rows),
    ]
      + state.generators.sorted { $0.key < $1.key }.map { name, random in
        let words = random.words
        return Safetensors.Tensor(randomPrefix + name, shape: [words.count], integers: words)
      }
  }

  static func decode(_ file: Safetensors) throws(FileFailure) -> TrainerState {
    var state = TrainerState()
    state.weights = try file.floats("trainer.weights")
    state.average = try file.floats("trainer.average")
    state.firstMoment = try file.floats("trainer.first_moment")
    state.secondMoment = try file.floats("trainer.second_moment")
    let counts = try file.integers("trainer.counts").compactMap { Int(exactly: $0) }
    let losses = try file.doubles("trainer.losses")
    let history = try file.doubles("trainer.history")
    guard counts.count == 4, losses.count == 4, history.count % 3 == 0 else {
      throw .malformed("its trainer's counts, losses or history have another shape")
    }
    (state.stepsDone, state.averageUpdates, state.optimizerSteps) = (
      counts[0], counts[1], counts[2]
    )
    (state.lastLoss, state.lossSum, state.lossWeight) = (losses[0], losses[1], losses[2])
    guard let recorded = LossHistory(rows: history, spacing: losses[3], next: counts[3]) else {
      throw .malformed("its history of losses is impossible")
    }
    state.history = recorded
    for entry in file.header.entries where entry.name.hasPrefix(randomPrefix) {
      let name = String(entry.name.dropFirst(randomPrefix.count))
      guard let random = Random(words: try file.integers(entry.name)) else {
        throw .malformed("its random stream \(FileFailure.printable(name)) is impossible")
      }
      state.generators[name] = random
    }
    return state
  }
}
