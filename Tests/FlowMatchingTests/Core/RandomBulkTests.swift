import FlowMatching
import Testing

@Suite("Random numbers in bulk from a stream")
struct RandomBulkTests {
  @Test("every call draws other numbers, and the stream fixes them all")
  func calls() {
    var random = Random(seed: 1).stream("bulk")
    var again = Random(seed: 1).stream("bulk")
    var (first, second) = ([Double](repeating: 0, count: 33), [Double](repeating: 0, count: 33))
    random.fillNormals(&first)
    random.fillNormals(&second)
    #expect(zip(first, second).allSatisfy { $0 != $1 })
    var repeated = first
    again.fillNormals(&repeated)
    #expect(repeated == first)
    again.fillUniforms(&repeated)
    #expect(repeated.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test("how many a call draws does not shift the next call")
  func length() {
    var (random, other) = (Random(seed: 2), Random(seed: 2))
    var (short, long) = ([0.0], [Double](repeating: 0, count: 1000))
    random.fillUniforms(&short)
    other.fillUniforms(&long)
    random.fillUniforms(&short)
    other.fillUniforms(&long)
    #expect(short[0] == long[0])
  }

  @Test("a standard normal batch has mean 0 and covariance I")
  func batch() {
    var random = Random(seed: 3)
    let n = 20_000
    let points = StandardNormal(dimension: 3).sample(count: n, using: &random)
    for i in 0..<3 {
      let row = Array(points.values[i * n..<(i + 1) * n])
      expectMean(of: row, 0)
      expectMean(of: row.map { $0 * $0 }, 1)
      let next = points.values[(i + 1) % 3 * n..<((i + 1) % 3 + 1) * n]
      expectMean(of: zip(row, next).map(*), 0)
    }
  }
}
