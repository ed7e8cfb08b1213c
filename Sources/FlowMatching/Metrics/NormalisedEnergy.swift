extension Dataset {
  /// NPE of a measured flow from a source to it; `sampled` is that by the W₂² of samples, which counts in
  /// at most two dimensions alone.
  public func normalisedEnergy(
    of energy: PathEnergy, from source: any Distribution, sampled: () -> Estimate?
  ) -> Estimate? {
    if source is StandardNormal, let squaredTransport {
      return energy.normalised(squaredW2: squaredTransport)
    }
    return dimension <= 2 ? sampled() : nil
  }
}
