/// The classes of an experiment, and what goes with them.
extension Experiment {
  /// What `labels` is without classes, and with those of the data.
  public static let noLabels = "none", ownLabels = "classes"

  /// Whether the network is told classes, by name; those of a data set of the catalogue become its own.
  public var labels: String {
    get { classes.isEmpty ? Experiment.noLabels : Experiment.ownLabels }
    set {
      guard newValue != labels else { return }
      classes =
        newValue == Experiment.noLabels
        ? [] : (try? DatasetCatalog.named(dataset))?.classNames ?? []
    }
  }

  /// The number of a class by its name or, where no name is a number, by its number from 0 on; nil where
  /// there is none.
  public func label(named text: String) -> Int? { Experiment.label(named: text, among: classes) }

  /// The same among given names.
  public static func label(named text: String, among classes: [String]) -> Int? {
    if let index = classes.firstIndex(of: text) { return index }
    guard !classes.contains(where: { WholeNumber($0) != nil }),
      let number = WholeNumber(text).flatMap({ Int(exactly: $0.value) }),
      classes.indices.contains(number)
    else { return nil }
    return number
  }

  /// Why classes do not go with its other choices; nil where they do, and where it has none.
  var classComplaint: String? {
    guard !classes.isEmpty else { return nil }
    if classes.count < 2 || classes.count > LabelledDistribution.limit
      || Set(classes).count != classes.count
    {
      return "classes must be 2 to \(LabelledDistribution.limit), of different names"
    }
    switch coupling {
    case .independent, .optimalTransport, .orbit, .sinkhorn, .relativeSinkhorn: return nil
    case .semidiscrete, .rotation, .pairs, .reflow:
      return
        "the coupling \(coupling) brings pairs without classes; use independent, ot or sinkhorn, or "
        + "--labels none"
    }
  }

  /// Why it cannot learn the classes of a data set; nil where it can.
  func classComplaint(of dataset: Dataset) -> String? {
    guard !classes.isEmpty, classes != dataset.classNames else { return nil }
    guard !dataset.classNames.isEmpty else {
      return "\(dataset.name) has no classes; leave out --labels, or choose one of: "
        + DatasetCatalog.all.filter { $0.classes != nil }.map(\.name).joined(separator: ", ")
    }
    return "the classes are not those of \(dataset.name)"
  }
}

extension SettingDomain where Value == String {
  /// Whether classes are told.
  static let labels: SettingDomain = {
    let domain = name("none, or classes where the data have some") { text throws(UnknownName) in
      let names = [Experiment.noLabels, Experiment.ownLabels]
      if !names.contains(text) { throw UnknownName(kind: "labels", name: text, among: names) }
    }.listing(
      "labels",
      [
        SettingChoice(name: Experiment.noLabels, note: "the network is told no classes"),
        SettingChoice(name: Experiment.ownLabels, note: "those of the data set"),
      ])
    return domain
  }()
}
