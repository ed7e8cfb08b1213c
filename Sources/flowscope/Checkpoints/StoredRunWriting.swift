import FileFormats
import FlowMatching

extension StoredRun {
  /// The bytes of a checkpoint, from which training goes on, with more metadata.
  static func encode(_ trainer: Trainer, more: [String: String] = [:]) -> [UInt8] {
    encode(
      trainer, weights: trainer.averagedWeights, step: trainer.stepsDone, state: trainer.state,
      more: more)
  }

  /// The bytes of weights of a trainer's run beside a state of it.
  static func encode(
    _ trainer: Trainer, weights: FlowWeights, step: Int, state: TrainerState?,
    more: [String: String]
  ) -> [UInt8] {
    let metadata = metadata(
      trainer.experiment, step: step, instructionSet: trainer.instructionSet)
    return encode(weights, state, trainer.dataset, metadata.merging(more) { $1 })
  }

  /// The bytes of weights alone, with the run that they come from and how it went.
  static func encode(
    _ weights: FlowWeights, of experiment: Experiment, step: Int, dataset: Dataset,
    instructionSet: InstructionSet, course: TrainingCourse? = nil
  ) -> [UInt8] {
    encode(
      weights, nil, dataset.name == experiment.dataset ? dataset : nil,
      metadata(experiment, step: step, instructionSet: instructionSet), course)
  }

  private static func encode(
    _ weights: FlowWeights, _ state: TrainerState?, _ dataset: Dataset?,
    _ metadata: [String: String], _ course: TrainingCourse? = nil
  ) -> [UInt8] {
    let encoded = WeightCodecs.encode(weights)
    var (tensors, metadata) = (encoded.tensors, metadata.merging(encoded.metadata) { $1 })
    if let state { tensors += TrainerTensors.encode(state) }
    if let course { tensors += CourseTensors.encode(course) }
    if let dataset {
      tensors += StoredRun.tensors(of: dataset)
      if let labels = dataset.classes?.labels {
        tensors.append(
          Safetensors.Tensor(
            "data.labels", shape: [labels.count], integers: labels.map { UInt64($0) }))
      }
      if let observed = ObservationTensor.encode(dataset) { tensors.append(observed) }
      tensors += SnapshotTensors.encode(dataset)
      if let mixture = MixtureTensor.encode(dataset) { tensors.append(mixture) }
      if let words = WordTensor.encode(dataset) {
        tensors.append(words.tensor)
        metadata.merge(words.metadata) { $1 }
      }
      let encoder = AutoencoderTensors.encode(dataset)
      tensors += encoder.tensors
      metadata.merge(encoder.metadata) { $1 }
      metadata.merge(Units(of: dataset).metadata) { $1 }
    }
    return Safetensors.encode(tensors, metadata: metadata)
  }

  /// What every file of ours says of the run that it comes from.
  private static func metadata(
    _ experiment: Experiment, step: Int, instructionSet: InstructionSet
  ) -> [String: String] {
    [
      "format": "flowscope", "version": Release.version,
      "experiment": ExperimentJSON.encode(experiment), "step": "\(step)",
      "seed": "\(experiment.seed)", "instruction_set": instructionSet.rawValue,
    ]
  }

  /// The user's own points and pairs as tensors; none for a data set of the catalogue.
  private static func tensors(of dataset: Dataset) -> [Safetensors.Tensor] {
    var named: [(String, Batch)] = []
    if let cloud = dataset.distribution as? PointCloud {
      named.append(("data.points", cloud.points))
    }
    if let source = dataset.sourcePoints { named.append(("data.source", source)) }
    if let pairs = dataset.pairs {
      named += [("data.starts", pairs.x0), ("data.ends", pairs.x1)]
    }
    return named.map { name, points in
      Safetensors.Tensor(
        name, shape: [points.count, points.dimension], doubles: points.interleaved)
    }
  }
}
