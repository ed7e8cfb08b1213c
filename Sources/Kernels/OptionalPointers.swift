/// Calls with the elements of two arrays, nil for one that is not there.
func withPointers<Result>(
  _ first: [Double]?, _ second: [Double]?,
  _ body: (UnsafePointer<Double>?, UnsafePointer<Double>?) -> Result
) -> Result {
  (first ?? []).withUnsafeBufferPointer { one in
    (second ?? []).withUnsafeBufferPointer { other in
      body(first == nil ? nil : one.baseAddress, second == nil ? nil : other.baseAddress)
    }
  }
}
