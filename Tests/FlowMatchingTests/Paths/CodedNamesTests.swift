import FlowMatching
import Foundation
import Testing

@Suite struct CodedNamesTests {
  private func coded<Value: Codable>(_ value: Value) throws -> (text: String, back: Value) {
    let data = try JSONEncoder().encode([value])
    return (
      String(decoding: data, as: UTF8.self),
      try JSONDecoder().decode([Value].self, from: data)[0]
    )
  }

  @Test("a scheduler is saved as its name", arguments: Scheduler.all + [.polynomial(5)])
  func schedulers(scheduler: Scheduler) throws {
    let (text, back) = try coded(scheduler)
    #expect(text == "[\"\(scheduler.name)\"]")
    #expect(back == scheduler)
  }

  @Test("a path is saved as its name and number", arguments: ConditionalPath.all)
  func paths(path: ConditionalPath) throws {
    let (text, back) = try coded(path)
    #expect(text.contains("\"name\":\"\(path.name)\""))
    #expect(text.contains("\"sigma\"") == (path.noiseScale != nil))
    #expect(back == path)
  }

  @Test("a prediction is saved as its name", arguments: Prediction.allCases)
  func predictions(prediction: Prediction) throws {
    let (text, back) = try coded(prediction)
    #expect(text == "[\"\(prediction.rawValue)\"]" && back == prediction)
  }

  @Test("names and numbers that mean nothing are refused with the reason")
  func refused() {
    func decode<Value: Decodable>(_: Value.Type, _ text: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
    #expect(throws: DecodingError.self) { try decode([Scheduler].self, "[\"cosin\"]") }
    #expect(throws: DecodingError.self) {
      try decode(ConditionalPath.self, "{\"name\": \"i-cfm\", \"sigma\": -1}")
    }
    #expect(throws: DecodingError.self) { try decode(ConditionalPath.self, "{\"name\": \"ot\"}") }
    #expect(
      (try? decode(ConditionalPath.self, "{\"name\": \"i-cfm\"}")) == .noisy(sigma: 0.1))
  }
}
