// Callers choose an instruction set, for instance the baseline for golden results, without knowing
// the kernels' target.
@_exported import enum Kernels.InstructionSet
