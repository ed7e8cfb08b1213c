/// What an experiment is told of observations, and what goes with it.
extension Experiment {
  /// Whether it learns a posterior, p(θ | x).
  public var learnsPosterior: Bool { !observations.isEmpty }

  /// Takes what is observed of the points of a data set.
  public mutating func observe(_ dataset: Dataset) {
    observations = dataset.observedColumns
    if observations.isEmpty { simulations = 0 } else { classes = [] }
  }

  /// Why observations do not go with its other choices; nil where they do, and where it has none.
  var observationComplaint: String? {
    guard learnsPosterior else {
      return simulations == 0
        ? nil : "simulations are of a posterior: use --dataset two-moons-posterior"
    }
    if let complaint = observations.lazy.compactMap(\.complaint).first { return complaint }
    if observations.count > ObservedColumn.limit
      || Set(observations.map(\.name)).count != observations.count
    {
      return "observed columns must be 1 to \(ObservedColumn.limit), of different names"
    }
    if !classes.isEmpty { return "a posterior has no classes; use --labels none" }
    guard coupling == .independent else {
      return
        "the coupling \(coupling) parts parameters from what was observed of them; use independent"
    }
    return nil
  }

  /// Why it cannot learn the posterior of a data set; nil where it can, and where it learns none.
  func observationComplaint(of dataset: Dataset) -> String? {
    let columns = dataset.observedColumns
    if simulations > 0 && dataset.simulations is SimulationTable {
      return "\(dataset.name) has simulations of its own; leave out --simulations"
    }
    if observations == columns { return nil }
    return columns.isEmpty
      ? "nothing is observed of the points of \(dataset.name); give --observations with --data FILE, or "
        + "use --dataset two-moons-posterior"
      : "\(dataset.name) is a posterior, which is learned given \(columns.map(\.name).joined(separator: ", "))"
  }
}
