extension Dataset {
  /// The names of its classes; none where it has none.
  public var classNames: [String] { classes?.names ?? [] }

  /// The same of classes with these distributions, all as likely.
  func with(_ names: [String], _ parts: [any Distribution]) -> Dataset {
    with(classes: LabelledDistribution(names, parts))
  }

  /// The same with classes, of which it is the mixture; without where there are none.
  public func with(classes: LabelledDistribution?) -> Dataset {
    precondition(
      classes.map { $0.dimension == dimension } ?? true, "classes of another dimension")
    var dataset = self
    dataset.classes = classes
    return dataset
  }

  /// A mixture whose classes are its components.
  func byComponent(_ names: [String]) -> Dataset {
    grouped(names.indices.map { (names[$0], $0..<$0 + 1) })
  }

  /// A mixture whose classes are some of its components each.
  func grouped(_ groups: [(name: String, components: Range<Int>)]) -> Dataset {
    guard let mixture else { preconditionFailure("only mixtures have components") }
    let parts = groups.map { mixture.components($0.components) }
    return with(
      classes: LabelledDistribution(
        groups.map(\.name), weights: groups.map { mixture.weights[$0.components].reduce(0, +) },
        parts))
  }

  /// A class by itself as a target, “moons/upper”.
  public func part(_ label: Int) -> Dataset {
    guard let classes, classes.names.indices.contains(label) else {
      preconditionFailure("the data set has no such class")
    }
    let (name, part) = ("\(self.name)/\(classes.names[label])", classes.parts[label])
    let summary = "the class \(classes.names[label]) of \(self.name)"
    var dataset: Dataset
    if let mixture = part as? GaussianMixture {
      dataset = Dataset(
        name: name, title: name, summary: summary, mixture: mixture, entropyFloor: nil)
    } else {
      dataset = Dataset(
        name: name, title: name, summary: summary, distribution: part, entropyFloor: nil)
    }
    dataset.space = space
    dataset.notation = notation
    dataset.units = units
    dataset.sourcePoints = sourcePoints
    dataset.sourceUnits = sourceUnits
    return dataset
  }
}

extension GaussianMixture {
  /// The mixture of some of the components.
  func components(_ range: Range<Int>) -> GaussianMixture {
    GaussianMixture(
      weights: Array(weights[range]), means: Array(means[range]),
      covariances: Array(covariances[range]))
  }
}
