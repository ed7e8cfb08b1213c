/// What the processor could do if nothing but arithmetic took time.
extension InstructionSet {
  /// Runs `rounds` rounds of independent multiply-adds in registers, about 16 vectors each, and
  /// returns how many floating-point operations that were (a multiply-add is two).
  ///
  /// Divided by the time it takes, that is the peak against which other loops are judged. Without a
  /// fused instruction the multiplications and additions are separate.
  public func multiplyAdds(rounds: Int) -> Double {
    var sum = [Float](repeating: 0, count: 16)
    let operations = table.multiply_adds(rounds, 0.5, 0.75, &sum)
    precondition(sum[0].isFinite, "halving and adding stays finite")
    return operations
  }
}
