import FileFormats
import Foundation
import Testing

@testable import flowscope

@Suite("The losses that another program writes")
struct LossLogTests {
  /// A file that is gone after the body.
  private func withFile(_ body: (String, (String) throws -> Void) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "flowscope-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path) { text in
      if let handle = FileHandle(forWritingAtPath: path) {
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
      } else {
        try Data(text.utf8).write(to: URL(filePath: path))
      }
    }
  }

  @Test("Rows are read on from where they ended, a torn one when it is whole")
  func grows() throws {
    try withFile { path, append in
      var log = LossLog(path)
      #expect(log.news() == nil, "there is no file yet")
      try append("step,loss\n10,2.0\n20,1.")
      #expect(log.news()?.points.map(\.raw) == [2])
      #expect(log.news() == nil)
      try append("5\n30,1.25\n")
      let points = try #require(log.news()?.points)
      #expect(points.map(\.step) == [10, 20, 30] && points.map(\.raw) == [2, 1.5, 1.25])
      // The average forgets by 0.99 a step, as the viewer's own.
      let kept = (0..<10).reduce(1.0) { kept, _ in 0.99 * kept }
      let (w10, w20) = (1 - kept, kept * (1 - kept))
      #expect(abs(points[1].average - (w10 * 1.5 + w20 * 2) / (w10 + w20)) < 1e-12)
    }
  }

  @Test("Lightning's rows without a training loss are passed over; a validation loss is none")
  func lightning() throws {
    try withFile { path, append in
      try append(
        "epoch,step,val_loss,train_loss\n0,49,,0.9\n0,99,0.5,\n0,99,,0.8\n0,149,,nan\n")
      var log = LossLog(path)
      let points = try #require(log.news()?.points)
      #expect(points.map(\.step) == [49, 99] && points.map(\.raw) == [0.9, 0.8])
    }
  }

  @Test("Lines of JSON are read by their names, without a step by their number")
  func json() throws {
    try withFile { path, append in
      try append(
        "{\"train/loss\": 3, \"lr\": 0.1}\n{\"lr\": 0.1}\nno object\n{\"train/loss\": 2}\n")
      var log = LossLog(path)
      let points = try #require(log.news()?.points)
      #expect(points.map(\.step) == [1, 3] && points.map(\.raw) == [3, 2])
    }
  }

  @Test("A file that is written anew, with another column before the loss, is read anew")
  func anew() throws {
    try withFile { path, append in
      try append("step,loss\n10,2.0\n")
      var log = LossLog(path)
      #expect(log.news()?.points.count == 1)
      try Data("rate,step,loss\n0.5,10,2.5\n0.5,20,1.5\n".utf8).write(to: URL(filePath: path))
      #expect(log.news()?.points.map(\.raw) == [2.5, 1.5])
    }
  }
}
