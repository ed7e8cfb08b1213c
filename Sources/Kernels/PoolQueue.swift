/// Values that the threads of a pool work on while the thread that handed them over does something else.
///
/// Every value is worked on once and by itself. Which thread does it is left to chance, so what comes out must
/// not depend on it. One thread at a time may hand over and take back.
public final class PoolQueue<Value: Sendable>: Sendable {
  private let pool: WorkerPool
  private nonisolated(unsafe) let job: ValueJob<Value>

  /// A queue with threads of its own, of which it starts all but one: that one is the thread that takes back.
  public init(threads: Int, work: @escaping @Sendable (inout Value) -> Void) {
    pool = WorkerPool(threads: threads)
    job = ValueJob(work)
  }

  deinit { pool.finish() }

  /// The threads that work on values, the one that takes them back among them.
  public var threads: Int { pool.threads }

  /// Hands values over and returns at once; those of before must have been taken back.
  public func begin(_ values: consuming [Value]) {
    let count = values.count
    job.take(values)
    // Else the values would be shared with their array, and every change to one would copy it.
    values = []
    pool.begin(pieces: count, Unmanaged.passUnretained(job as Job).toOpaque()) { job, index, _ in
      Unmanaged<Job>.fromOpaque(job).takeUnretainedValue().work(on: index)
    }
  }

  /// The values in their order when all are done, after working on those that no thread had begun; none where
  /// none were handed over.
  public func finish() -> [Value] {
    pool.finish()
    return job.giveBack()
  }
}

/// What a function without a context can call, whatever the values are.
private class Job {
  func work(on index: Int) {}
}

private final class ValueJob<Value>: Job {
  private let body: @Sendable (inout Value) -> Void
  private var values = UnsafeMutableBufferPointer<Value>(start: nil, count: 0)

  init(_ body: @escaping @Sendable (inout Value) -> Void) { self.body = body }

  deinit { _ = giveBack() }

  override func work(on index: Int) { body(&values[index]) }

  func take(_ given: [Value]) {
    precondition(values.isEmpty, "values were handed over and not taken back")
    values = .allocate(capacity: given.count)
    _ = values.initialize(from: given)
  }

  func giveBack() -> [Value] {
    let count = values.count
    let back = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = buffer.moveInitialize(fromContentsOf: values)
    }
    values.deallocate()
    values = UnsafeMutableBufferPointer(start: nil, count: 0)
    return back
  }
}
