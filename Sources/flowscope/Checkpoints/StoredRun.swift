import FileFormats
import FlowMatching
import FlowViewer

/// A run in a safetensors file: what was learned, and where the file is one of ours everything that
/// made it. What only one model has, its `WeightCodec` reads and writes.
struct StoredRun {
  /// The weights to sample with: the moving average where the file is ours.
  let weights: FlowWeights
  /// The run that the weights come from; nil for a foreign network.
  let experiment: Experiment?
  /// The optimiser steps taken.
  let step: Int?
  /// The loss that a foreign file's metadata tell; nil where they do not.
  let loss: Double?
  /// What training goes on from; nil where the file holds weights alone.
  let state: TrainerState?
  /// How the run went, beside weights alone; nil where the file does not keep it.
  let course: TrainingCourse?
  /// What the loops of the run were compiled for, whose rounding differs a little; nil where the
  /// file does not say.
  let instructionSet: InstructionSet?
  /// The user's own points, where they are the target.
  let points: Batch?
  /// The mixture of the user's own, where that is the target.
  let mixture: GaussianMixture?
  /// The pairs that training draws from, where they are given.
  let pairs: PairTable?
  /// The user's own points, where flows start from them.
  let sourcePoints: Batch?
  /// The user's own words, where they are the target.
  let words: WordList?
  /// The pictures that they are made of, and what made latents of those; nil where there are none.
  let pictures: Pictures?
  let autoencoder: Autoencoder?
  /// The classes of those points; nil where they have none.
  let classes: LabelledDistribution?
  /// What was observed of those points; nil where nothing was.
  let observations: Batch?
  /// The population that was seen at several times; nil where it was seen once.
  let snapshots: Snapshots?
  /// How both were standardised.
  let units: Units
  /// How a foreign network was read; nil for a file of ours.
  let foreign: ForeignNetwork?

  /// Reads a checkpoint, or a foreign network as `reading` and then its metadata say; its activation
  /// somebody has to tell, or `otherwise` is taken.
  init(
    _ file: Safetensors, reading: NetworkReading = NetworkReading(), otherwise: Activation? = nil
  ) throws(FileFailure) {
    let metadata = file.header.metadata
    let read = try WeightCodecs.codec(for: metadata, read: reading)
      .decode(file, reading, otherwise: otherwise)
    (weights, experiment, foreign) = (read.weights, read.experiment, read.foreign)
    var units: Units
    if let foreign {
      units = foreign.units
    } else {
      units = try Units(metadata, dimension: experiment?.dimension ?? 2)
    }
    let space = experiment?.curvedSpace
    // A file may be older than the notations, or come from elsewhere.
    if let space, units.notation?.suits(space) != true {
      units.notation = PointNotation.all(of: space).first
    }
    if space == nil { units.notation = nil }
    self.units = units
    step = metadata["step"].flatMap { Int($0) }
    loss = foreign == nil ? nil : metadata["loss"].flatMap(Double.init)
    instructionSet = metadata["instruction_set"].flatMap(InstructionSet.init)
    words = try WordTensor.decode(file)
    points = try StoredRun.points("data.points", file, of: experiment)
    mixture = try MixtureTensor.decode(file, of: experiment)
    pictures = try PictureTensors.decode(file, of: experiment)
    autoencoder = try experiment.flatMap { experiment throws(FileFailure) in
      try experiment.latent.map { _ throws(FileFailure) in
        try AutoencoderTensors.decode(file, of: experiment)
      }
    }
    classes = try StoredRun.classes(file, of: experiment, points)
    observations = try ObservationTensor.decode(file, of: experiment, points)
    snapshots = try SnapshotTensors.decode(file, of: experiment, points)
    let starts = try StoredRun.points("data.starts", file, of: experiment)
    let ends = try StoredRun.points("data.ends", file, of: experiment)
    guard starts?.count == ends?.count else {
      throw .malformed("its data.starts and data.ends are not as many")
    }
    pairs = starts.flatMap { starts in ends.map { PairTable(x0: starts, x1: $0) } }
    if experiment?.coupling == .reflow && pairs == nil {
      throw .malformed("it learned pairs, but data.starts and data.ends are missing")
    }
    sourcePoints = try StoredRun.points("data.source", file, of: experiment)
    if experiment?.source == Source.points && sourcePoints == nil {
      throw .malformed("its flow starts from given points, but data.source is missing")
    }
    if experiment?.coupling == .pairs, experiment?.learnsSnapshots != true {
      guard let sourcePoints, sourcePoints.count == points?.count else {
        throw .malformed("it learned pairs, but data.source and data.points are not as many")
      }
    }
    course = try CourseTensors.decode(file)
    state =
      experiment != nil && file.header["trainer.weights"] != nil
      ? try TrainerTensors.decode(file) : nil
  }

  /// The failure of a file that does not say its activation.
  static let isForeign = FileFailure.malformed(
    "it does not say its network's activation: add --activation, such as selu (torchcfm) or silu")

  /// The one network of a velocity field; throws where something else was learned.
  func network() throws(FileFailure) -> MLPWeights {
    if weights.shape.letters != nil {
      throw .malformed(
        "it holds a posterior of letters, no velocity field: inspect, sample, evaluate and compare "
          + "read it")
    }
    if weights.shape.pairs != nil {
      throw .malformed(
        "it holds forces between particles, no network of coordinates: inspect, sample, likelihood, "
          + "evaluate, field and compare read it")
    }
    guard let network = weights.network else {
      guard weights.model.layers != nil else {
        throw .malformed(
          "it holds a flow of the model \(weights.model.name), not the one network of a velocity: inspect, "
            + "sample, likelihood, evaluate, field and compare read it")
      }
      throw .malformed(
        "it holds the affine layers of a RealNVP, no velocity field: inspect, sample, likelihood "
          + "and evaluate read it")
    }
    return network
  }

  /// The coordinates of the points that flow.
  var dimension: Int { experiment?.dimension ?? weights.shape.dimension }

  /// How it was trained, by the file and by how it was read; what both leave open is as in the given
  /// experiment.
  func experiment(beside given: Experiment) -> Experiment {
    if let experiment { return experiment }
    var result = given
    result.model = .velocity
    result.dimension = weights.shape.dimension
    result.widths = weights.shape.widths
    result.activation = weights.shape.activation
    if let prediction = foreign?.reading.prediction { result.prediction = prediction }
    if let scheduler = foreign?.reading.scheduler { result.scheduler = scheduler }
    // What cannot be trained by likelihood can be looked at all the same.
    if result.likelihoodComplaint != nil { result.objective = .flowMatching }
    return result
  }

  /// The target of the run: the file's own points, or a data set of the catalogue; nil for a foreign
  /// network.
  func dataset() throws(FileFailure) -> Dataset? {
    guard let experiment else { return nil }
    if let words {
      guard experiment.tokenSpace == words.space else {
        throw .malformed("its words are not those of its experiment")
      }
      return Dataset(name: experiment.dataset, words: words)
    }
    if let pictured = try pictured(experiment) { return withGiven(pictured) }
    var dataset: Dataset
    if let points {
      dataset = Dataset(name: experiment.dataset, points: points, on: experiment.curvedSpace)
      dataset.units = units.data
      dataset.columns = units.columns
      dataset = dataset.with(classes: classes)
      if let observations, experiment.learnsPosterior {
        dataset = dataset.observing(
          SimulationTable(
            parameters: points, observations: observations, columns: experiment.observations))
      }
      if let snapshots { dataset = dataset.through(snapshots) }
    } else if let mixture {
      dataset = MixtureFile.dataset(experiment.dataset, mixture)
    } else {
      do { dataset = try DatasetCatalog.named(experiment.dataset) } catch {
        throw .malformed(error.description)
      }
      guard dataset.space?.name == experiment.space else {
        throw .malformed(
          "its data set \(dataset.name) is none of the space “\(experiment.spaceName)”")
      }
      guard experiment.letters != nil || dataset.dimension == experiment.dimension else {
        throw .malformed(
          "its data set \(dataset.name) has \(dataset.dimension) coordinates, its experiment "
            + "\(experiment.dimension)")
      }
      guard dataset.observedColumns == experiment.observations else {
        throw .malformed("what it observed is not what is observed of \(dataset.name)")
      }
      guard (dataset.snapshots?.times ?? []) == experiment.snapshots else {
        throw .malformed("its times are not those of the snapshots of \(dataset.name)")
      }
    }
    dataset.notation = units.notation
    return withGiven(dataset)
  }

  /// The pictures of a run as its flow sees them; nil where it learned none.
  private func pictured(_ experiment: Experiment) throws(FileFailure) -> Dataset? {
    guard let pictures else { return nil }
    guard experiment.classes.isEmpty || experiment.classes == pictures.names else {
      throw .malformed("its classes are not those of its pictures")
    }
    let plain = Dataset(
      catalogued: experiment.dataset, pictures: pictures)
    guard let autoencoder else { return plain }
    guard let points, points.count == pictures.learned.count,
      autoencoder.dimension == pictures.pixels.dimension
    else { throw .malformed("its latents are not those of its pictures") }
    return plain.encoded(by: autoencoder, latents: points)
  }

  /// A target with the starts and the pairs of the file, if it has any.
  func withGiven(_ target: Dataset) -> Dataset {
    let paired = pairs.map(target.with) ?? target
    guard let sourcePoints else { return paired }
    var given = paired.with(source: sourcePoints)
    given.sourceUnits = units.source
    return given
  }

  /// What the viewer shows of it; a foreign network has no step but its count, and is judged by the
  /// given data set.
  func received(beside experiment: Experiment, dataset: Dataset, step count: Int) -> ReceivedRun {
    let own = self.experiment(beside: experiment)
    let target = withGiven(dataset)
    var run =
      state.map { ReceivedRun(experiment: own, dataset: target, state: $0) }
      ?? ReceivedRun(
        experiment: own, dataset: target, weights: weights, step: step ?? count, course: course)
    run.reading = ForeignReading(
      order: foreign?.reading.inputOrder ?? .pointTime,
      isActivationTold: foreign == nil || foreign?.reading.activation != nil,
      units: dataset.units == nil ? units.data : nil)
    return run
  }

  /// The classes of the points of a file; nil where there are none.
  private static func classes(
    _ file: Safetensors, of experiment: Experiment?, _ points: Batch?
  ) throws(FileFailure) -> LabelledDistribution? {
    guard let experiment, !experiment.classes.isEmpty, let points else { return nil }
    guard file.header["data.labels"] != nil else {
      throw .malformed("it learned classes of points, but data.labels is missing")
    }
    let labels = try file.integers("data.labels").compactMap { Int(exactly: $0) }
    guard labels.count == points.count,
      labels.allSatisfy({ experiment.classes.indices.contains($0) }),
      let classes = LabelledDistribution(points, labels: labels, names: experiment.classes)
    else { throw .malformed("its data.labels are not those of its points and its classes") }
    return classes
  }

  /// The points of that name; nil where there are none.
  private static func points(
    _ name: String, _ file: Safetensors, of experiment: Experiment?
  ) throws(FileFailure) -> Batch? {
    guard let entry = file.header[name] else { return nil }
    let dimension = experiment?.dimension ?? 2
    guard entry.shape.count == 2, entry.shape[1] == dimension, entry.shape[0] > 0 else {
      throw .malformed("its \(name) are not n×\(dimension)")
    }
    let rows = try file.doubles(name)
    if let complaint = rows.lazy.compactMap(CoordinateLimit.single.complaint).first {
      throw .malformed("a number of \(name) \(complaint)")
    }
    let points = Batch(interleaved: rows, dimension: dimension)
    guard let space = experiment?.curvedSpace else { return points }
    var settled = points
    space.settle(&settled)
    // Vectors of no direction, or far from their place, are no points of it.
    guard settled.isFinite, zip(points.values, settled.values).allSatisfy({ abs($0 - $1) < 1e-3 })
    else { throw .malformed("its \(name) do not lie on the \(space.name)") }
    // Those that lie there already keep their bits, by which a file's points are known again.
    let isThere = zip(points.values, settled.values).allSatisfy { abs($0 - $1) < 1e-14 }
    return isThere ? points : settled
  }
}
