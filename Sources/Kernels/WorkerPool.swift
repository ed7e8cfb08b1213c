#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed number of threads that share the pieces of a job with the thread that asks for it.
///
/// Workers sleep while there is no job; a job allocates nothing. Which thread takes which piece is
/// left to chance, so a job's result must not depend on it. Jobs asked for by several threads at
/// once are done one after the other.
public final class WorkerPool: Sendable {
  /// The threads at work during a job, the asking one included.
  public let threads: Int

  /// A piece of a job: what the job works on, the piece's index, and the thread's, below `threads`.
  typealias Work = @convention(c) (UnsafeMutableRawPointer, Int, Int) -> Void

  /// What the threads share. Its address is its identity, so it lives on the heap by itself.
  private struct State {
    var mutex = pthread_mutex_t()
    var jobs = pthread_mutex_t()
    var wake = pthread_cond_t()
    var done = pthread_cond_t()
    var work: Work?
    var context: UnsafeMutableRawPointer?
    var pieces = 0
    var next = 0
    var unfinished = 0
    var started = 0
    var isStopping = false
  }

  private nonisolated(unsafe) let state: UnsafeMutablePointer<State>
  private nonisolated(unsafe) let workers: UnsafeMutablePointer<pthread_t?>

  /// A pool of that many threads, of which it starts all but one.
  public init(threads: Int) {
    precondition(threads > 0, "a pool needs a thread")
    self.threads = threads
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    workers = .allocate(capacity: threads)
    workers.initialize(repeating: nil, count: threads)
    pthread_mutex_init(&state.pointee.mutex, nil)
    pthread_mutex_init(&state.pointee.jobs, nil)
    pthread_cond_init(&state.pointee.wake, nil)
    pthread_cond_init(&state.pointee.done, nil)
    // Signals are for the program's own threads.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    for k in 1..<threads { workers[k] = WorkerPool.start(state) }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  deinit {
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.isStopping = true
    pthread_cond_broadcast(&state.pointee.wake)
    pthread_mutex_unlock(&state.pointee.mutex)
    for k in 1..<threads { pthread_join(workers[k]!, nil) }
    pthread_cond_destroy(&state.pointee.wake)
    pthread_cond_destroy(&state.pointee.done)
    pthread_mutex_destroy(&state.pointee.mutex)
    pthread_mutex_destroy(&state.pointee.jobs)
    workers.deallocate()
    state.deallocate()
  }

  /// Does all pieces of a job and returns when the last is done.
  func perform(pieces: Int, _ context: UnsafeMutableRawPointer, _ work: Work) {
    pthread_mutex_lock(&state.pointee.jobs)
    begin(pieces: pieces, context, work, wakes: pieces > 1)
    finish()
    pthread_mutex_unlock(&state.pointee.jobs)
  }

  /// Hands a job to the workers and returns at once; what it works on must stay until `finish`. For a pool
  /// that nobody else asks: unlike `perform` it does not wait for its turn.
  func begin(
    pieces: Int, _ context: UnsafeMutableRawPointer, _ work: @escaping Work, wakes: Bool = true
  ) {
    pthread_mutex_lock(&state.pointee.mutex)
    precondition(state.pointee.unfinished == 0, "the pool is at work")
    state.pointee.work = work
    state.pointee.context = context
    state.pointee.next = 0
    state.pointee.unfinished = pieces
    state.pointee.pieces = pieces
    if wakes { pthread_cond_broadcast(&state.pointee.wake) }
    pthread_mutex_unlock(&state.pointee.mutex)
  }

  /// Does the pieces that nobody has begun, and returns when all are done; at once where no job was begun.
  func finish() {
    pthread_mutex_lock(&state.pointee.mutex)
    while state.pointee.next < state.pointee.pieces { WorkerPool.takePiece(state, thread: 0) }
    while state.pointee.unfinished > 0 {
      pthread_cond_wait(&state.pointee.done, &state.pointee.mutex)
    }
    pthread_mutex_unlock(&state.pointee.mutex)
  }

  /// Does the next piece; the mutex is held before and after, not during the work.
  private static func takePiece(_ state: UnsafeMutablePointer<State>, thread: Int) {
    let index = state.pointee.next
    state.pointee.next += 1
    let (work, context) = (state.pointee.work!, state.pointee.context!)
    pthread_mutex_unlock(&state.pointee.mutex)
    work(context, index, thread)
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.unfinished -= 1
    if state.pointee.unfinished == 0 { pthread_cond_signal(&state.pointee.done) }
  }

  /// The life of a worker.
  private static func run(_ state: UnsafeMutablePointer<State>) {
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.started += 1
    let thread = state.pointee.started
    while true {
      while state.pointee.next == state.pointee.pieces && !state.pointee.isStopping {
        pthread_cond_wait(&state.pointee.wake, &state.pointee.mutex)
      }
      if state.pointee.isStopping { break }
      takePiece(state, thread: thread)
    }
    pthread_mutex_unlock(&state.pointee.mutex)
  }

  /// Starts a worker; a system that refuses a thread stops the program.
  private static func start(_ state: UnsafeMutablePointer<State>) -> pthread_t? {
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = pthread_create(
        &thread, nil,
        { argument in
          WorkerPool.run(argument.assumingMemoryBound(to: State.self))
          return nil
        }, state)
    #else
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { argument in
          WorkerPool.run(argument!.assumingMemoryBound(to: State.self))
          return nil
        }, state)
    #endif
    precondition(code == 0, "the system refused a thread")
    return thread
  }
}
