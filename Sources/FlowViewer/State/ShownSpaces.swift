import FlowMatching

extension Experiment {
  /// Why the viewer does not show the flow; nil where it does.
  public var viewerComplaint: String? {
    guard let space = curvedSpace, picturedSpace == nil else { return nil }
    return "flows on the \(space.name) have no picture: use train, sample and evaluate"
  }
}
