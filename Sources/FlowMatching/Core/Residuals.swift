/// The greater of two residuals, and NaN where one is: what is no number passes no check, but `max` drops it.
func worse(_ a: Double, _ b: Double) -> Double { a.isNaN || a > b ? a : b }

/// The greatest of residuals; 0 of none, NaN where one is.
func greatest(_ residuals: [Double]) -> Double { residuals.reduce(0, worse) }
