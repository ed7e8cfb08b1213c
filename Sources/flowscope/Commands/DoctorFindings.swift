import FileFormats
import FlowMatching
import FlowViewer
import Foundation

/// What is remarkable about a file and about data, a sentence each.
enum DoctorFindings {
  /// About the tensors and the weights.
  static func ofFile(
    _ stored: StoredRun, _ survey: WeightSurvey, _ weights: MLPWeights
  ) -> [String] {
    var found: [String] = []
    let traits = stored.experiment?.traits ?? FlowTraits()
    if !traits.classes.isEmpty {
      found.append("it is told classes: what it says of none is held against all data")
    }
    if traits.isMap { found.append("it is a flow map: this is its velocity ū(x, t, t)") }
    if let foreign = stored.foreign {
      if !foreign.buffers.isEmpty {
        found.append(
          "\(list(foreign.buffers)) standardise its data: it works in units of them")
      }
      if !foreign.network.twins.isEmpty {
        found.append(
          "\(list(foreign.network.twins)) \(foreign.network.twins.count == 1 ? "is another network" : "are other networks") "
            + "in it; this one is \(foreign.network.name)")
      }
      let left = foreign.left.filter { name in
        !foreign.network.twins.contains { name.hasPrefix($0) }
      }
      if !left.isEmpty { found.append("nothing is made of \(list(left))") }
      if !foreign.network.hasBiases { found.append("its layers have no biases") }
    }
    if survey.isFresh {
      found.append("all its weights are as an initialisation leaves them: none was trained")
    } else if !survey.freshLayers.isEmpty {
      let numbers = survey.freshLayers.map { "\($0 + 1)" }.joined(separator: ", ")
      found.append(
        "of its \(survey.layers) layers number \(numbers) \(survey.freshLayers.count == 1 ? "is" : "are") still "
          + "as an initialisation leaves them")
    }
    for (index, dead) in survey.deadUnits.enumerated() where dead > 0 {
      found.append(
        "\(dead) of \(weights.shape.widths[index]) units of hidden layer \(index + 1) say the same "
          + "everywhere")
    }
    return found
  }

  /// About the points.
  static func ofData(_ dataset: Dataset, _ examined: DoctorCase) -> [String] {
    var found: [String] = []
    if examined.isOfDraws {
      found.append(
        "its exact field is not known: that of 4 096 draws stands for it")
    }
    guard let cloud = dataset.distribution as? PointCloud else { return found }
    let survey = PointSurvey(cloud.points)
    let n = cloud.points.count
    if let units = survey.units {
      let far = zip(units.means, units.deviations).contains { abs($0) > 10 * $1 }
      let other = units.deviations.contains { $0 > 10 || $0 < 0.1 }
      if far || other {
        found.append(
          "means \(list(units.means)), deviations \(list(units.deviations)): a network that starts from "
            + "N(0, I) learns better from standardised data (--standardise)")
      }
    } else {
      found.append("a coordinate is the same for all points")
    }
    if !survey.far.isEmpty {
      found.append(
        "\(survey.far.count) of \(n) points lie far off, such as row \(survey.far[0] + 1): they stretch the "
          + "scale and are left out of the draws")
    }
    if survey.duplicates > 0 {
      found.append("\(survey.duplicates) of \(n) points are there more than once")
    }
    if n < 256 {
      found.append(
        "\(n) points are fewer than a usual batch of 256: a network soon knows them by heart")
    }
    return found
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).map(FileFailure.printable).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  private static func list(_ values: [Double]) -> String {
    values.map { String(format: "%.4g", $0) }.joined(separator: ", ")
  }
}
