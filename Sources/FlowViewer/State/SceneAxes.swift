import FlowMatching
import TerminalCanvas

/// An axis along which points of other than two coordinates are seen.
struct SceneAxis: Sendable, Hashable {
  /// “PC1”, or a column's name.
  let name: String
  /// Its share of all that varies in the target.
  let share: Double
  /// What a plot shows of it: the target and the bulk of the source.
  let range: ClosedRange<Double>
  fileprivate let direction: [Double]
  fileprivate let middle: [Double]

  /// “PC1 52 %”.
  var words: String { "\(name) \(SceneAxis.percent(share))" }

  /// A share as people write it.
  static func percent(_ share: Double) -> String { "\(Int(saturating: (100 * share).rounded())) %" }
}

/// Every axis of a target beyond the plane: its principal ones, found once, and its coordinates.
struct SceneAxes: Sendable {
  /// The first two principal axes, or one.
  let principal: [SceneAxis]
  /// The coordinates.
  let coordinates: [SceneAxis]

  /// Those of a sample and, where they are no N(0, I), of the points from which flows start; `range` is what
  /// plots show of a row of both.
  init(
    of sample: Batch, from start: Batch?, named names: [String]?,
    range: (_ sample: Batch, _ start: Batch?, _ row: Int) -> ClosedRange<Double>
  ) {
    let found = PrincipalAxes(of: sample)
    let d = sample.dimension
    let zero = [Double](repeating: 0, count: d)
    let look = AxesProjection(
      middle: found.mean, along: (found.directions[0], d > 1 ? found.directions[1] : zero))
    let (seen, seenStart) = (look.picture(sample), start.map(look.picture))
    principal = (0..<min(2, d)).map { k in
      SceneAxis(
        name: "PC\(k + 1)", share: found.share(ofAxis: k), range: range(seen, seenStart, k),
        direction: found.directions[k], middle: found.mean)
    }
    coordinates = (0..<d).map { i in
      var direction = zero
      direction[i] = 1
      return SceneAxis(
        name: names?[i] ?? "x\(i + 1)", share: found.share(ofCoordinate: i),
        range: range(sample, start, i), direction: direction, middle: zero)
    }
  }

  /// The two that a choice means, from left to right and upwards: the principal ones where it is nil or
  /// names what there is not; one of the other kind never stands beside them.
  func pair(_ choice: [Int]?) -> (x: SceneAxis, y: SceneAxis) {
    if let choice, choice.count == 2, choice[0] != choice[1],
      choice.allSatisfy(coordinates.indices.contains)
    {
      return (coordinates[choice[0]], coordinates[choice[1]])
    }
    let first = principal[0]
    let none = SceneAxis(
      name: "", share: 0, range: -2.5...2.5,
      direction: [Double](repeating: 0, count: first.direction.count), middle: first.middle)
    return (first, principal.count > 1 ? principal[1] : none)
  }

  /// How a choice is written: “principal”, “3,7”.
  static func text(_ choice: [Int]?) -> String {
    choice.map { $0.map { "\($0 + 1)" }.joined(separator: ",") } ?? "principal"
  }

  /// The choice that a text means: “principal”, or two coordinates by number from 1 or by name; nil where
  /// it means none.
  func choice(_ text: String) -> [Int]?? {
    if text == "principal" || text == "pca" { return .some(nil) }
    let parts = text.split(separator: ",").map(String.init)
    let places = parts.compactMap { part in
      Int(part).map { $0 - 1 }
        ?? coordinates.firstIndex { $0.name.filter { !$0.isWhitespace } == part }
    }
    guard places.count == 2, parts.count == 2, places[0] != places[1],
      places.allSatisfy(coordinates.indices.contains)
    else { return nil }
    return places
  }
}

extension AppState {
  /// The axes along which points are seen; nil in the plane and on curved spaces.
  var seenAxes: (x: SceneAxis, y: SceneAxis)? {
    scene.axes.map { $0.pair(look.scenery.shownAxes) }
  }

  /// How flat points beyond the plane are seen; nil of others.
  var axesProjection: AxesProjection? {
    seenAxes.map { axes in
      let middle = axes.x.middle
      return AxesProjection(middle: middle, along: (axes.x.direction, axes.y.direction))
    }
  }

  /// The box that plots show.
  var xRange: ClosedRange<Double> { seenAxes?.x.range ?? scene.xRange }
  var yRange: ClosedRange<Double> { seenAxes?.y.range ?? scene.yRange }

  /// The target's density as it is seen, where it is known.
  var seenMixture: GaussianMixture? {
    guard let axes = seenAxes else { return scene.mixture }
    let directions = [axes.x.direction, axes.y.direction]
    guard axes.y.share > 0 else { return nil }
    return scene.mixture?.seen(along: directions, from: axes.x.middle)
  }

  /// “PC1 and PC2 explain 70 %”, of what varies in the target.
  var axesWords: String? {
    seenAxes.map { axes in
      let share = SceneAxis.percent(axes.x.share + axes.y.share)
      return axes.y.name.isEmpty
        ? "one coordinate, all of it" : "\(axes.x.name) and \(axes.y.name) explain \(share)"
    }
  }

  /// Where particles started, as plots show it.
  var seenNoise: Batch { projection.picture(particles.shownNoise) }
}
