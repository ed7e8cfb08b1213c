import CKernels

/// Eight entries of a row, whatever the instruction set: the layout is one for all.
typealias Lanes = SIMD8<Double>
typealias Doubles = UnsafeMutablePointer<Double>
typealias Indices = UnsafeMutablePointer<Int32>

/// 0 to 7; not a stored global, which would be initialised at its first use and checked at each.
var laneNumbers: Lanes {
  @inline(__always) get { Lanes(0, 1, 2, 3, 4, 5, 6, 7) }
}

@inline(__always)
func load(_ p: Doubles, _ i: Int) -> Lanes { UnsafeRawPointer(p + i).load(as: Lanes.self) }

@inline(__always)
func store(_ x: Lanes, _ p: Doubles, _ i: Int) {
  UnsafeMutableRawPointer(p + i).storeBytes(of: x, as: Lanes.self)
}

/// z + x·y, fused only where the processor has an instruction for it.
@inline(__always)
func multiplyAdd(_ x: Lanes, _ y: Lanes, _ z: Lanes) -> Lanes {
  #if FMA
    z.addingProduct(x, y)
  #else
    z + x * y
  #endif
}

/// The same operation on one number, with the same rounding.
@inline(__always)
func multiplyAdd(_ x: Double, _ y: Double, _ z: Double) -> Double {
  #if FMA
    z.addingProduct(x, y)
  #else
    z + x * y
  #endif
}

/// The smallest of eight.
@inline(__always)
func least(_ x: Lanes) -> Double {
  let pair = lanes_least_pair(x)
  return pair.y < pair.x ? pair.y : pair.x
}

/// Takes aligned arrays one behind the other out of one piece of memory.
struct Arena {
  private(set) var end: UnsafeMutableRawPointer

  init(_ start: UnsafeMutableRawPointer) { end = start }

  mutating func doubles(_ count: Int) -> Doubles {
    take(8 * count).assumingMemoryBound(to: Double.self)
  }

  mutating func indices(_ count: Int) -> Indices {
    take(4 * count).assumingMemoryBound(to: Int32.self)
  }

  private mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let start = end
    end += (bytes + 63) & ~63
    return start
  }
}
