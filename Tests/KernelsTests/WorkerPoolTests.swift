import Testing

@testable import Kernels

@Suite("The pool of workers")
struct WorkerPoolTests {
  /// What the pieces of a job leave behind.
  private struct Marks {
    var pieces = [Int](repeating: 0, count: 64)
    var threads = [Int](repeating: -1, count: 64)
  }

  private func perform(_ pool: WorkerPool, pieces: Int) -> Marks {
    var marks = Marks()
    marks.pieces.withUnsafeMutableBufferPointer { done in
      marks.threads.withUnsafeMutableBufferPointer { threads in
        var places = (done.baseAddress!, threads.baseAddress!)
        withUnsafeMutablePointer(to: &places) { places in
          pool.perform(pieces: pieces, places) { context, index, thread in
            typealias Places = (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>)
            let (done, threads) = context.assumingMemoryBound(to: Places.self).pointee
            done[index] += 1
            threads[index] = thread
          }
        }
      }
    }
    return marks
  }

  @Test("does every piece once, whatever the numbers of threads and pieces", arguments: 1...4)
  func everyPieceOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for round in 0..<300 {
      let pieces = [0, 1, 2, 3, 8, 64][round % 6]
      let marks = perform(pool, pieces: pieces)
      #expect(marks.pieces.prefix(pieces).allSatisfy { $0 == 1 })
      #expect(marks.pieces.dropFirst(pieces).allSatisfy { $0 == 0 })
      #expect(marks.threads.prefix(pieces).allSatisfy { (0..<threads).contains($0) })
    }
  }

  @Test("serves several threads at once, one after the other")
  func severalCallers() async {
    let pool = WorkerPool(threads: 3)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<100).allSatisfy { _ in
            perform(pool, pieces: 9).pieces.prefix(9).allSatisfy { $0 == 1 }
          }
        }
      }
      for await isDone in group { #expect(isDone) }
    }
  }

  @Test("ends its threads with itself, used or not")
  func ends() {
    for round in 0..<50 {
      let pool = WorkerPool(threads: 3)
      if round % 2 == 0 { #expect(perform(pool, pieces: 2).pieces[1] == 1) }
    }
  }
}

@Suite("Values that a pool works on meanwhile")
struct PoolQueueTests {
  @Test("come back in order, each worked on once, and can be handed over again", arguments: 1...3)
  func order(threads: Int) {
    let queue = PoolQueue<[Int]>(threads: threads) { value in value.append(value[0] * value[0]) }
    #expect(queue.finish().isEmpty)
    for round in 0..<200 {
      let count = round % 7
      queue.begin((0..<count).map { [$0 + round] })
      #expect(queue.finish() == (0..<count).map { [$0 + round, ($0 + round) * ($0 + round)] })
    }
  }

  @Test("end with their queue, taken back or not")
  func ends() {
    final class Mark: Sendable {}
    weak var mark: Mark?
    for round in 0..<50 {
      let queue = PoolQueue<Mark>(threads: 2) { _ in }
      let values = [Mark(), Mark()]
      mark = values[0]
      queue.begin(values)
      if round % 2 == 0 { #expect(queue.finish().count == 2) }
    }
    #expect(mark == nil)
  }
}
