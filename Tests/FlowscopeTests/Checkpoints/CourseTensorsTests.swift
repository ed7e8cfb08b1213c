import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("The course of a run in a file")
struct CourseTensorsTests {
  private static func course() throws -> TrainingCourse {
    var history = LossHistory()
    for step in 1...400 { history.record(step: step, raw: 1 / Double(step), average: 2) }
    return TrainingCourse(
      history,
      [
        .init(step: 30, excess: 0.5, excessError: 0.01, w2: nil),
        .init(step: 90, excess: nil, excessError: nil, w2: 0.25),
      ])
  }

  @Test("comes back as it was, what is not known too")
  func roundTrip() throws {
    let course = try Self.course()
    let file = try Safetensors(
      reading: MemorySource(Safetensors.encode(CourseTensors.encode(course), metadata: [:])))
    let read = try #require(try CourseTensors.decode(file))
    #expect(read.history == course.history)
    #expect(read.measurements.map(\.excess) == [0.5, nil])
    #expect(read.measurements.map(\.excessError) == [0.01, nil])
    #expect(read.measurements.map(\.w2) == [nil, 0.25])
    #expect(read.measurements.map(\.step) == [30, 90])
  }

  @Test("is refused where its steps fall or its shape is another")
  func damage() throws {
    var tensors = CourseTensors.encode(try Self.course())
    tensors[2] = Safetensors.Tensor(
      "course.measurements", shape: [2, 4], doubles: [9, 1, 1, 1, 3, 1, 1, 1])
    #expect(throws: FileFailure.self) {
      _ = try CourseTensors.decode(
        try Safetensors(reading: MemorySource(Safetensors.encode(tensors, metadata: [:]))))
    }
    tensors[2] = Safetensors.Tensor("course.measurements", shape: [3], doubles: [9, 1, 1])
    #expect(throws: FileFailure.self) {
      _ = try CourseTensors.decode(
        try Safetensors(reading: MemorySource(Safetensors.encode(tensors, metadata: [:]))))
    }
  }
}
