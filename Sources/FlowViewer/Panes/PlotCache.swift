import FlowMatching
import TerminalCanvas

/// Buffers of the scatter plots, and what a window shows of its target whatever the particles do.
struct PlotCache {
  /// Where a target's mass lies in a window, and how dense its particles become there.
  struct Backdrop {
    let dataset: String
    let axes: PlotAxes
    let mask: TargetMask
    /// The share of all particles in one cell that takes the last colour.
    let peakShare: Double
  }

  /// Reused by every scatter plot.
  var scatter = ScatterDensity()
  /// Bodies of curved spaces, and how dense particles are on them.
  var surfaces = SurfaceCache()
  /// Pictures of data sets by their names.
  var thumbnails: [String: Thumbnail] = [:]
  /// The cells of a semidiscrete transport in a window.
  var laguerre: (key: TransportStudy.Key, axes: PlotAxes, cells: [Int])?
  private var backdrops: [Backdrop] = []
  /// Where most of a class, or of its tilt, lies in a window.
  var masks: [(key: String, axes: PlotAxes, mask: TargetMask)] = []
  private var angles: (of: Batch, turns: [Double])?

  /// Where each particle started, as an angle around the origin in turns; kept, since the start of a
  /// million particles takes longer than the rest of their frame.
  mutating func startAngles(_ start: Batch) -> [Double] {
    if let angles, angles.of == start { return angles.turns }
    let turns = (0..<start.count).map { Angle.turns(x: start[0, $0], y: start[1, $0]) }
    angles = (start, turns)
    return turns
  }

  /// The backdrop of the state's target in a window; found anew only when either changed.
  mutating func backdrop(_ state: AppState, axes: PlotAxes) -> Backdrop {
    // Lanes of one size show the same whatever their place on the screen.
    let axes = axes.atOrigin
    let name =
      "\(state.dataset.name) \(state.training.generation) \(state.look.scenery.shownAxes ?? []) "
      + "\(state.observing?.observation ?? [])"
    if let known = backdrops.first(where: { $0.dataset == name && $0.axes == axes }) {
      return known
    }
    let projection = state.projection
    let sample = projection.picture(state.scene.sample)
    let noise = projection.picture(state.scene.noise)
    let count = sample.count
    let mask: TargetMask
    if let mixture = state.seenMixture {
      mask = TargetMask(axes: axes) { (xs: [Double], y: Double) in
        mixture.logDensity(
          Batch(dimension: 2, values: xs + [Double](repeating: y, count: xs.count)))
      }
    } else {
      mask = TargetMask(
        axes: axes, x: sample.values[0..<count], y: sample.values[count..<2 * count])
    }
    // Held for good: a scale that followed the particles would make the picture pump. The very
    // densest cells may share the last colour, since most clouds are thinner.
    let backdrop = Backdrop(
      dataset: name, axes: axes, mask: mask,
      peakShare: 0.7 * peakShare(of: sample, from: noise, axes))
    // Four lanes of at most two widths, twice for a resize: older windows are not seen again.
    if backdrops.count >= 8 { backdrops.removeFirst() }
    backdrops.append(backdrop)
    return backdrop
  }

  /// The densest cell on the way from noise to target, as a share of all particles; but no more than
  /// twice the target's own, so that a wide target is not dim for its dense source.
  private mutating func peakShare(
    of sample: Batch, from noise: Batch, _ axes: PlotAxes
  ) -> Double {
    let count = sample.count
    var points = sample.values
    var peaks: [Double] = []
    for t in [0, 0.25, 0.5, 0.75, 1] {
      for i in points.indices {
        points[i] = (1 - t) * noise.values[i] + t * sample.values[i]
      }
      scatter.bin(x: points[0..<count], y: points[count..<2 * count], axes: axes)
      peaks.append(scatter.peak() / Double(count))
    }
    return min(peaks.max() ?? 0, 2 * peaks[4])
  }
}
