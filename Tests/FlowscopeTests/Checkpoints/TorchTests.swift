import FileFormats
import FlowMatching
import Foundation
import Testing

@testable import flowscope

/// A network that PyTorch trained and saved, with PyTorch's own answers in float64.
@Suite("Networks of PyTorch")
struct TorchTests {
  private static func path(_ name: String) -> String {
    SourceTree.root.appending(path: "Tests/FlowscopeTests/Fixtures/\(name)").path()
  }

  private static func points(_ name: String) throws -> Batch {
    var reader = try NpyPoints(reading: POSIXFile(reading: path(name)))
    return Batch(interleaved: try reader.readAll(limit: 10_000))
  }

  /// The numbers of an n×k array.
  private static func numbers(_ name: String) throws -> [Double] {
    let bytes = try POSIXFile(reading: path(name)).readAll(limit: 1 << 20)
    let header = try NpyHeader(reading: MemorySource(bytes))
    return (0..<header.count).map { k in
      let start = header.dataOffset + 8 * k
      let bits = bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Double(bitPattern: bits)
    }
  }

  private static func network() throws -> MLP {
    var reading = NetworkReading()
    reading.activation = .selu
    let checkpoint = try StoredRun(reading: path("a.safetensors"), as: reading)
    #expect(checkpoint.experiment == nil)
    return MLP(try checkpoint.network())
  }

  /// The largest and the root mean square difference.
  private func difference(_ a: [Double], _ b: [Double]) -> (most: Double, rms: Double) {
    let squares = zip(a, b).map { ($0 - $1) * ($0 - $1) }
    return (
      squares.max()!.squareRoot(), (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    )
  }

  @Test("Velocities agree with float64 to 1e-5 at most and 2e-6 root mean square")
  func velocities() throws {
    let rows = try TorchTests.numbers("a_xt.npy")
    let n = rows.count / 3
    let x = Batch(points: (0..<n).map { [rows[3 * $0], rows[3 * $0 + 1]] })
    let times = (0..<n).map { rows[3 * $0 + 2] }
    var velocity = x
    var network = try TorchTests.network()
    network.evaluate(x, at: .each(times), into: &velocity)
    let (most, rms) = difference(velocity.interleaved, try TorchTests.numbers("a_v.npy"))
    #expect(most < 1e-5)
    #expect(rms < 2e-6)
  }

  @Test(
    "Samples in 20 equal steps agree to 1e-5",
    arguments: [("euler", "a_x1_euler20.npy"), ("midpoint", "a_x1_midpoint20.npy")])
  func fixedSteps(solver: String, answer: String) throws {
    var field: any VelocityField = try TorchTests.network()
    let end = Integrator.solve(
      &field, try ButcherTableau.named(solver), control: .fixed(steps: 20),
      from: try TorchTests.points("a_x0.npy"))
    #expect(difference(end.x.values, try TorchTests.points(answer).values).most < 1e-5)
  }

  @Test(
    "Tight samples agree to 2e-5 at tolerance 1e-9 and to 1e-5 at 1e-10, where kinks are met less")
  func tight() throws {
    let x0 = try TorchTests.points("a_x0.npy")
    let answer = try TorchTests.points("a_x1_tight.npy")
    for (tolerance, bound) in [(1e-9, 2e-5), (1e-10, 1e-5)] {
      var field: any VelocityField = try TorchTests.network()
      let end = Integrator.solve(
        &field, .dormandPrince, control: .adaptive(relative: tolerance, absolute: tolerance),
        from: x0)
      let (most, rms) = difference(end.x.values, answer.values)
      #expect(most < bound)
      #expect(rms < 1e-6)
    }
  }

  @Test(
    "log p agrees to 0.02 nats at every point and its mean to 1e-3, as far as SELU's kinks allow")
  func likelihood() throws {
    var likelihood = LogLikelihood(
      try TorchTests.network(), of: try TorchTests.points("a_points.npy"),
      source: StandardNormal(dimension: 2), .rk4, control: .fixed(steps: 200))
    likelihood.finish()
    let values = try #require(likelihood.values)
    #expect(difference(values, try TorchTests.numbers("a_logp.npy")).most < 0.02)
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(abs(mean + 2.004875) < 1e-3)
  }

  @Test("A network without its activation is refused with the option that tells it")
  func foreign() throws {
    #expect(throws: StoredRun.isForeign) {
      try StoredRun(reading: TorchTests.path("a.safetensors"))
    }
  }
}
