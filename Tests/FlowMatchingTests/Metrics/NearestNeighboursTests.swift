import Testing

@testable import FlowMatching

@Suite("Nearest neighbours")
struct NearestNeighboursTests {
  private func normals(_ count: Int, _ random: inout Random) -> Batch {
    StandardNormal(dimension: 3).sample(count: count, using: &random)
  }

  @Test("Two samples of one distribution are told apart no better than by chance, others are")
  func twoSamples() {
    var random = Random(seed: 5)
    let (a, b) = (normals(500, &random), normals(500, &random))
    let alike = NearestNeighbours.twoSampleAccuracy(a, b)
    // Its deviation is some 0.02.
    #expect(abs(alike - 0.5) < 0.07)
    var far = b
    for j in 0..<500 { far[0, j] += 20 }
    #expect(NearestNeighbours.twoSampleAccuracy(a, far) == 1)
    #expect(NearestNeighbours.twoSampleAccuracy(a, a) == 0)
  }

  @Test("The nearest of a line is found, and a point is not its own neighbour")
  func line() {
    let line = Batch(dimension: 1, values: [0, 1, 3, 7])
    let own = NearestNeighbours.nearest(to: line, among: line, excludingSelf: true)
    #expect(own.map(\.place) == [1, 0, 1, 2] && own.map(\.distance) == [1, 1, 2, 4])
    let other = NearestNeighbours.nearest(to: Batch(dimension: 1, values: [2.2]), among: line)
    #expect(other[0].place == 2 && abs(other[0].distance - 0.8) < 1e-12)
    #expect(
      NearestNeighbours.shareRight(
        Batch(dimension: 1, values: [0.1, 6]), [0, 0], among: line, [0, 0, 1, 1]) == 0.5)
  }
}
