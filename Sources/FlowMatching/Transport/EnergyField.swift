/// The velocity of a particle with the energy that it has spent, d/dt (x, e) = (u_t(x), |u_t(x)|²), `(d + 1)×n`.
struct EnergyField: VelocityField {
  private var base: any VelocityField
  private var scratch = ChunkMemory<(x: Batch, velocity: Batch)>()

  init(_ base: any VelocityField) { self.base = base }

  var dimension: Int { base.dimension + 1 }
  var regularity: Regularity { base.regularity }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    let (d, n) = (base.dimension, x.count)
    let index = scratch.index(n) {
      let empty = Batch(dimension: d, count: n)
      return (empty, empty)
    }
    for k in 0..<d * n { scratch[index].x.values[k] = x.values[k] }
    base.evaluate(scratch[index].x, at: t, into: &scratch[index].velocity)
    for j in 0..<n { velocity.values[d * n + j] = 0 }
    for i in 0..<d {
      for j in 0..<n {
        let v = scratch[index].velocity.values[i * n + j]
        velocity.values[i * n + j] = v
        // A field may answer a point that is lost with a number: its energy is none.
        velocity.values[d * n + j] += v * v + 0 * x.values[i * n + j]
      }
    }
  }
}
