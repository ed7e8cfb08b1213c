import Kernels

/// Pairs of ends that are coupled on other threads while the batches before them are trained on.
///
/// Batches are drawn in their order, so that every one is what it would be without this; a coupling that is a
/// function of the points alone then pairs them side by side.
struct PairsAhead: Sendable {
  private struct Ends: Sendable {
    var x0: Batch
    var x1: Batch
    var coupling: any Coupling
    /// The streams as the draw of these ends left them.
    var streams: Streams
  }

  /// What ends are drawn from.
  struct Streams: Sendable {
    var source: Random
    var target: Random
  }

  private let source: any Distribution
  private let target: any Distribution
  /// Those that are paired, of which the first `taken` have been taken.
  private var ready: [Ends]
  private var taken: Int
  /// Those that come after them. A copy shares it; who finds it shared draws them again.
  private var coming: PoolQueue<Ends>
  /// The streams as the ends that were taken last left them.
  private(set) var streams: Streams

  /// Ends of the shape of `x0` from the streams on, by a coupling that depends on the points alone.
  init(
    from source: any Distribution, to target: any Distribution, coupledBy coupling: any Coupling,
    like x0: Batch, _ streams: Streams, threads: Int
  ) {
    self.source = source
    self.target = target
    self.streams = streams
    let count = PairsAhead.count(batch: x0.count, threads: threads)
    ready = (0..<count).map { _ in Ends(x0: x0, x1: x0, coupling: coupling, streams: streams) }
    taken = count
    coming = PairsAhead.queue(threads)
  }

  /// The threads at work, the one that takes ends among them.
  var threads: Int { coming.threads }

  /// How many batches are paired together: enough for the threads to be busy to the end, few where a batch
  /// takes long, since who takes the first waits for them.
  private static func count(batch: Int, threads: Int) -> Int {
    max(2 * threads, min(16, 8192 / max(batch, 1)))
  }

  private static func queue(_ threads: Int) -> PoolQueue<Ends> {
    PoolQueue(threads: threads) { ends in
      // The streams are not the coupling's to draw from.
      var none = Random(seed: 0)
      ends.coupling.pair(&ends.x0, &ends.x1, using: &none)
    }
  }

  /// Overwrites both ends by the next pairs; the memory changes hands.
  mutating func take(_ x0: inout Batch, _ x1: inout Batch) {
    if taken == ready.count { advance() }
    swap(&x0, &ready[taken].x0)
    swap(&x1, &ready[taken].x1)
    streams = ready[taken].streams
    taken += 1
  }

  /// Goes on from other streams.
  mutating func restart(_ streams: Streams) {
    self.streams = streams
    for j in ready.indices { ready[j].streams = streams }
    taken = ready.count
    coming = PairsAhead.queue(threads)
  }

  /// Takes back those that come, and hands over those after them.
  private mutating func advance() {
    if !isKnownUniquelyReferenced(&coming) { coming = PairsAhead.queue(threads) }
    var next = coming.finish()
    if next.isEmpty {
      next = ready
      draw(&next, after: streams)
      coming.begin(next)
      next = coming.finish()
    }
    swap(&ready, &next)
    taken = 0
    draw(&next, after: ready[ready.count - 1].streams)
    coming.begin(next)
  }

  private func draw(_ ends: inout [Ends], after streams: Streams) {
    var streams = streams
    for j in ends.indices {
      source.sample(into: &ends[j].x0, using: &streams.source)
      target.sample(into: &ends[j].x1, using: &streams.target)
      ends[j].streams = streams
    }
  }
}
