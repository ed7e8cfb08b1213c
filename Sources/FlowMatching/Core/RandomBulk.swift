import Kernels

extension Random {
  /// Overwrites all values by independent standard normal variates, many at a time.
  ///
  /// One number of this stream seeds them, however many there are; the bits are the same on every
  /// processor.
  public mutating func fillNormals(_ values: inout [Double]) {
    Noise.fillNormals(&values, seed: next())
  }

  /// Overwrites all values by independent uniform variates on [0, 1), many at a time, likewise.
  public mutating func fillUniforms(_ values: inout [Double]) {
    Noise.fillUniforms(&values, seed: next())
  }
}
