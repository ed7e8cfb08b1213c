import FileFormats
import FlowMatching
import TerminalCanvas

/// Samples of a network as it stands and as the verdict reads it, beside how far two samples of the data are apart.
struct DoctorClouds {
  private struct Cloud {
    let points: Batch
    let distance: Double?
  }

  private let asItStands: Cloud
  private let asRead: Cloud?
  private let floor: Double
  private let target: Batch
  /// As many points, and steps of the midpoint rule.
  private static let count = 1000
  private static let steps = 40

  init(_ examination: DoctorExamination) {
    var random = Random(seed: 0).stream("doctor").stream("clouds")
    let distribution = examination.dataset.distribution
    target = distribution.sample(count: Self.count, using: &random)
    floor = Wasserstein.noiseFloor(of: distribution, count: Self.count, using: &random).mean
    let noise = StandardNormal(dimension: 2).sample(count: Self.count, using: &random)
    let wanted = target
    let activation = examination.activations.first?.activation ?? .silu
    func cloud(_ stored: StoredRun) -> Cloud? {
      guard let network = stored.weights.network?.bound(to: nil).atOneTime else { return nil }
      let experiment = stored.experiment(beside: Experiment())
      var field: any VelocityField = experiment.velocityField(of: network.with(activation))
      let there = Integrator.ends(
        &field, .midpoint, control: .fixed(steps: Self.steps), from: noise)
      let end = stored.units.data.map { $0.restored(there) } ?? there
      return Cloud(
        points: end, distance: end.isFinite ? Wasserstein.w2(end, wanted) : nil)
    }
    asItStands = cloud(examination.stored) ?? Cloud(points: noise, distance: nil)
    // A pipe cannot be read again.
    guard let reading = examination.reading, examination.diagnosis.verdict != .sound,
      examination.path != "-",
      let again = try? StoredRun(reading: examination.path, as: reading, otherwise: activation)
    else {
      asRead = nil
      return
    }
    asRead = cloud(again)
  }

  /// Draws one below the other.
  func draw(into screen: inout Screen, in rect: Rect, theme: Theme) {
    let height = min(18, (rect.height - 2) / 2 - 2)
    guard height >= 6, rect.width >= 16 else { return }
    let mark = asRead == nil ? ("as it stands", Role.label) : ("× as it stands", Role.bad)
    draw(asItStands, mark, into: &screen, in: rect, height: height, theme: theme)
    guard let asRead else { return }
    let lower = Rect(
      x: rect.x, y: rect.y + height + 3, width: rect.width, height: rect.height - height - 3)
    draw(
      asRead, ("✓ as the best fit reads it", .good), into: &screen, in: lower, height: height,
      theme: theme)
  }

  private func draw(
    _ cloud: Cloud, _ title: (String, Role), into screen: inout Screen, in rect: Rect,
    height: Int, theme: Theme
  ) {
    screen.write(title.0, x: rect.x, y: rect.y, style: theme.style(title.1))
    let plot = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: height)
    func range(_ i: Int) -> ClosedRange<Double> {
      let sorted = (0..<target.count).map { target[i, $0] }.sorted()
      let (low, high) = (sorted[sorted.count / 100], sorted[sorted.count - 1 - sorted.count / 100])
      let room = 0.3 * (high - low)
      return low - room...high + room
    }
    let axes = PlotAxes(rect: plot, x: range(0), y: range(1))
    let n = target.count
    let mask = TargetMask(
      axes: axes, x: target.values[0..<n], y: target.values[n..<2 * n], mass: 0.9)
    var scatter = ScatterDensity()
    scatter.bin(x: cloud.points.values[0..<n], y: cloud.points.values[n..<2 * n], axes: axes)
    let look = ScatterLook(maximum: max(scatter.peak(), 1e-9))
    scatter.draw(into: &screen, axes: axes, theme: theme, look: look, target: mask)
    let figure = cloud.distance.map { NumberFormat.significant($0, 3) } ?? "lost"
    var x = rect.x
    for (text, role) in [
      ("W₂ \(figure)", Role.value), ("  noise floor ", .hint),
      (NumberFormat.significant(floor, 2), .floor),
    ] {
      x += screen.write(text, x: x, y: rect.y + 1 + height, style: theme.style(role))
    }
  }
}
