import TerminalCanvas

extension TrainingReport {
  /// What made training stop, what is on show since then, and the ways to go on; nil where it did not
  /// fail.
  var failureCaption: Caption? {
    guard case .failed(let reason) = status else { return nil }
    let what = reason.prefix(1).uppercased() + reason.dropFirst()
    let ways =
      step == 0
      ? "On show are the weights it began with. A smaller learning rate helps most often: ↑ ↓ or : "
        + "choose it, and R restarts training. Where it stops at its first step the points are too "
        + "large for 32-bit numbers: --standardise scales those of a file."
      : "On show are the last good weights, of step \(NumberFormat.grouped(step)). A smaller "
        + "learning rate helps most often: ↑ ↓ or : choose it, and training goes on from the last "
        + "whole state before. R restarts training from its first step."
    return Caption(title: "training stopped", text: "\(what). \(ways)")
  }
}
