import CKernels
import KernelsBaseline

#if arch(x86_64)
  import KernelsV3
  import KernelsV4
#elseif arch(arm64)
  import KernelsNEON
#endif

/// What the hot loops are compiled for; results differ between the sets by rounding only.
public enum InstructionSet: String, Codable, CaseIterable, Sendable {
  /// What every processor of the architecture has, and no fused multiply-add: golden results use it.
  case baseline
  /// x86-64-v3: 256-bit vectors and fused multiply-add.
  case avx2
  /// x86-64-v4: 512-bit vectors.
  case avx512
  /// 64-bit ARM: 128-bit vectors and fused multiply-add.
  case neon

  /// The sets that this program was built with and this processor has, the fastest last.
  public static let available: [InstructionSet] = {
    #if arch(x86_64)
      let level = processor_level()
      return [.baseline] + (level >= 3 ? [.avx2] : []) + (level >= 4 ? [.avx512] : [])
    #elseif arch(arm64)
      return [.baseline, .neon]
    #else
      return [.baseline]
    #endif
  }()

  /// The fastest available set.
  public static let best: InstructionSet = available.last ?? .baseline

  /// The name for people, "AVX-512".
  public var title: String {
    switch self {
    case .baseline: "baseline"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    case .neon: "NEON"
    }
  }

  /// The loops of this set; one that is not available stops the program.
  var table: KernelTable {
    precondition(InstructionSet.available.contains(self), "\(title) is not available here")
    switch self {
    #if arch(x86_64)
      case .avx2: return KernelsV3.makeTable()
      case .avx512: return KernelsV4.makeTable()
    #elseif arch(arm64)
      case .neon: return KernelsNEON.makeTable()
    #endif
    default: return KernelsBaseline.makeTable()
    }
  }
}
