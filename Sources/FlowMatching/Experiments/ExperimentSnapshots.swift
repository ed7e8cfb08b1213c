/// What an experiment knows of the snapshots that it learns from, and what goes with it.
extension Experiment {
  /// Whether it learns from a population that was seen at several times.
  public var learnsSnapshots: Bool { !snapshots.isEmpty }

  /// Takes the times of the snapshots of a data set, and starts from the first of them.
  public mutating func take(snapshots dataset: Dataset) {
    let had = learnsSnapshots
    snapshots = dataset.snapshots?.times ?? []
    if learnsSnapshots {
      source = Source.points
    } else if had, source == Source.points {
      source = Source.usual(on: curvedSpace)
    }
  }

  /// Why snapshots do not go with its other choices; nil where they do, and where it has none.
  var snapshotComplaint: String? {
    guard learnsSnapshots else { return nil }
    if let complaint = Snapshots.complaint(about: snapshots) { return complaint }
    if source != Source.points {
      return "snapshots start from the first of them; leave out the source"
    }
    if ![.flowMatching, .action].contains(objective) || space != nil || letters != nil {
      return "snapshots are learned by flow matching or action matching; use --objective action"
    }
    if prediction != .velocity {
      return "between snapshots a velocity is learned; leave out the prediction"
    }
    switch coupling {
    case .independent, .pairs, .optimalTransport: break
    default:
      return
        "successive snapshots are paired independently, by ot, or row by row with pairs, not by "
        + "\(coupling)"
    }
    if path == .lipman(sigmaMin: path.noiseScale ?? 0) || path.startsFromData {
      return "the path \(path) does not lead from snapshot to snapshot; use affine"
    }
    return nil
  }

  /// Why it cannot learn the snapshots of a data set; nil where it can, and where it learns none.
  func snapshotComplaint(of dataset: Dataset) -> String? {
    let own = dataset.snapshots?.times ?? []
    if snapshots == own {
      guard coupling == .pairs, let known = dataset.snapshots, !known.areRowsPaired else {
        return nil
      }
      return
        "the coupling pairs needs as many points at every time, row by row; use independent or ot"
    }
    return own.isEmpty
      ? "\(dataset.name) has no snapshots; give --time COLUMN with --data FILE, or use --dataset "
        + DatasetCatalog.turningRing.name
      : "\(dataset.name) is a population seen at \(own.count) times, which its experiment does not know"
  }
}
