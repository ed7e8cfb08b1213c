/// Random numbers in bulk: each call is a stream of its own, fixed by its seed, with the same bits
/// whatever the instruction set.
public enum Noise {
  /// Overwrites all values by independent standard normal variates.
  public static func fillNormals(_ values: inout [Double], seed: UInt64) {
    fillNormals(&values, seed: seed, instructionSet: .best)
  }

  /// Overwrites all values by independent uniform variates on [0, 1), multiples of 2⁻⁵².
  public static func fillUniforms(_ values: inout [Double], seed: UInt64) {
    fillUniforms(&values, seed: seed, instructionSet: .best)
  }

  static func fillNormals(
    _ values: inout [Double], seed: UInt64, instructionSet: InstructionSet
  ) {
    instructionSet.table.normals(&values, values.count, seed)
  }

  static func fillUniforms(
    _ values: inout [Double], seed: UInt64, instructionSet: InstructionSet
  ) {
    instructionSet.table.uniforms(&values, values.count, seed)
  }
}
