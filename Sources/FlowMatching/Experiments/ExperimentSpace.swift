/// The space of an experiment's points, and what goes with it.
extension Experiment {
  /// The name of a flat space.
  public static let plane = "plane"

  /// The default experiment in a curved space, from the uniform distribution there.
  public init(on space: any Space) {
    self.init()
    move(to: space)
  }

  /// The default experiment on its way to a data set.
  public init(to dataset: Dataset) {
    self.init()
    choose(dataset)
  }

  /// Takes a data set, with its space and what goes with that.
  public mutating func choose(_ dataset: Dataset) {
    self.dataset = dataset.name
    if dataset.pictures == nil { latent = nil }
    take(letters: dataset.tokens?.space)
    if letters == nil { move(to: dataset.space) }
    if letters == nil && space == nil { dimension = latent ?? dataset.dimension }
    if !classes.isEmpty { classes = dataset.classNames }
    take(particles: dataset.isOfParticles)
    observe(dataset)
    take(snapshots: dataset)
  }

  /// Whether it moves four particles in the plane: their mean stays where it is.
  public var movesParticles: Bool { source == Source.meanFree || model.pairs != nil }

  /// Takes particles' source, network and pairs where data of particles take the place of others; or leaves
  /// them.
  private mutating func take(particles isOfParticles: Bool) {
    guard isOfParticles != movesParticles else { return }
    source = isOfParticles ? Source.meanFree : Source.gaussian
    coupling = isOfParticles ? .orbit : .independent
    path = .affine
    prediction = .velocity
    loss = .squared
    choose(isOfParticles ? FlowModel.equivariant : FlowModel.velocity)
  }

  /// The curved space of the points; nil for a flat one, and where its name is not known.
  public var curvedSpace: (any Space)? {
    Spaces.all.first { $0.name == space }
  }

  /// The name of the space, "plane" for a flat one; a new one takes its dimension along.
  public var spaceName: String {
    get { space ?? Experiment.plane }
    set {
      guard newValue != spaceName else { return }
      space = newValue == Experiment.plane ? nil : newValue
      dimension = curvedSpace?.coordinates ?? 2
    }
  }

  /// Moves to the space of other data, nil for the plane: its dimension follows, and where the source is
  /// none there the usual one.
  public mutating func move(to space: (any Space)?) {
    spaceName = space?.name ?? Experiment.plane
    if source != Source.points && !Source.exists(source, on: space) {
      source = Source.usual(on: space)
    }
  }

  /// Why data or source do not lie in its space; nil where they do.
  func spaceComplaint(of dataset: Dataset? = nil) -> String? {
    if let dataset, dataset.tokens?.space != tokenSpace {
      return letters == nil
        ? "\(dataset.name) are words, not points; leave out the space"
        : "\(dataset.name) are not words of \(dimension) letters of \(letters ?? 0)"
    }
    if letters != nil { return nil }
    let (space, place) = (curvedSpace, curvedSpace.map { "on the \($0.name)" } ?? "in the plane")
    if let dataset, dataset.space?.name != space?.name {
      let own = dataset.space.map { "on the \($0.name)" } ?? "in the plane"
      return "\(dataset.name) lies \(own), not \(place); leave out the space"
    }
    if let dataset, dataset.dimension != dimension, latent == nil || dataset.pictures == nil {
      return "\(dataset.name) has points of \(dataset.dimension) coordinates, the flow \(dimension)"
    }
    if let complaint = flatComplaint { return complaint }
    guard source != Source.points, !Source.exists(source, on: space) else { return nil }
    let others = space == nil ? "gaussian, or a data set" : "uniform, or \(Source.wrapped):0.5"
    return "the source “\(source)” is none \(place); use \(others)"
  }

  /// Why a choice that is of the plane does not go with flat points of another dimension; nil where all do,
  /// and on curved spaces.
  private var flatComplaint: String? {
    if space == nil, dimension == 2, movesParticles {
      return "four particles in the plane have 8 coordinates, not 2; use --dataset dw4, or "
        + "--model cnf --source gaussian"
    }
    guard space == nil, dimension != 2 else { return nil }
    let points = "points of \(dimension) coordinate\(dimension == 1 ? "" : "s")"
    if movesParticles, dimension != 2 * DoubleWells.particles {
      return "four particles in the plane have 8 coordinates, \(points) are none; use --dataset dw4"
    }
    if movesParticles, objective != .flowMatching || model.pairs == nil && model != .velocity {
      return
        "four particles learn a velocity by flow matching: use --model equivariant, pairwise or cnf"
    }
    if ![Source.gaussian, Source.points, Source.meanFree].contains(source)
      && Source.exists(source, on: nil)
    {
      return
        "the source “\(source)” lies in the plane, which \(points) do not; use gaussian, or a file"
    }
    if case .rotation = coupling {
      return "the coupling \(coupling) turns the plane, not \(points); use independent or ot"
    }
    if case .affineLayers = model, dimension % 2 != 0 {
      return
        "a RealNVP moves half of the coordinates by the other half, and \(dimension) is odd; use --model cnf"
    }
    return nil
  }
}
