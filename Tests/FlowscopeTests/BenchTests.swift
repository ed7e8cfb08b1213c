import FlowMatching
import Foundation
import Testing

@testable import flowscope

@Suite("The benchmark's arithmetic")
struct BenchTests {
  @Test("A spread is the median and the nearest ranks at 5 and 95 %")
  func spread() {
    let hundred = Spread((1...100).map(Double.init).shuffled())
    #expect(hundred == Spread(50.5, low: 5, high: 95))
    #expect(Spread([3, 1, 2]) == Spread(2, low: 1, high: 3))
    #expect(Spread([7]) == Spread(7, low: 7, high: 7))
  }

  @Test("A step of torchcfm's tutorial network on 256 points is 12 976 128 operations")
  func trainingOperations() {
    let shape = MLPShape(dimension: 2, widths: [64, 64, 64], activation: .selu)
    // 3·64 + 64·64 + 64·64 + 64·2 products forward, as many for the weights' gradients, and for the
    // inputs' all but the first layer's.
    #expect(shape.operations == 17_024)
    #expect(shape.trainingOperations * 256 == 12_976_128)
  }

  @Test("Every benchmark has a name of its own and an unknown one is named")
  func names() throws {
    let names = Benchmark.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(
      Set(names).isSuperset(of: [
        "train-small", "train-wide", "assignment-256", "assignment-512", "assignment-1024",
        "assignment-2048", "assignment-4096", "sample-small", "frame", "key-latency",
        "first-frame", "live-particles",
      ]))
    #expect(try Benchmark.named(["frame", "train-wide"]).map(\.name) == ["train-wide", "frame"])
    #expect(throws: UnknownName.self) { try Benchmark.named(["frame", "train-wid"]) }
  }

  @Test("Six million operations in 2 ms are 3 GFLOP/s, and so are 500 times as many a second")
  func work() {
    let time = Figure("x", Spread(2, low: 1, high: 3), unit: "ms", operations: 6e6, bytes: 6e6)
    #expect(time.gflops == 3 && time.gigabytes == 3)
    let rate = Figure("x", Spread(500, low: 1, high: 999), unit: "steps/s", operations: 6e6)
    #expect(rate.gflops == 3 && rate.gigabytes == nil)
  }

  @Test("A figure without operations has its share of the peak as null, and reads back")
  func json() throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let figure = Figure("frame", Spread(2, low: 1, high: 3), unit: "ms")
    let data = try encoder.encode(figure)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["share_of_peak"] is NSNull)
    #expect(
      Set(object.keys).isSuperset(of: ["name", "value", "unit", "low", "high", "share_of_peak"]))
    #expect(object["share_of_memory"] is NSNull)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(Figure.self, from: data).value == 2)
  }
}
