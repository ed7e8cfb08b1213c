import FlowMatching

extension Experiment {
  /// Why the viewer does not show the flow; nil where it does.
  public var viewerComplaint: String? {
    curvedSpace.map { "flows on the \($0.name) are not shown yet: use train, sample and evaluate" }
  }
}
