internal import COpenBLAS

/// Runs a computation in which subnormal numbers, those below 1.2e-38, count as zero.
///
/// Moments and gradients of units that are no longer active decay into that range and stay there, and a
/// processor takes a hundred times as long over each of them. The calling thread's mode is put back
/// afterwards. Where the processor has no such mode, the computation just runs.
@inlinable
@inline(__always)
public func flushingSubnormals<Result>(_ computation: () -> Result) -> Result {
  let mode = beginFlushingSubnormals()
  let result = computation()
  endFlushingSubnormals(mode)
  return result
}

/// Switches the mode on and returns the one before.
@usableFromInline
@inline(never)
func beginFlushingSubnormals() -> UInt32 {
  edgewise_flush_subnormals()
}

/// Puts a mode back.
@usableFromInline
@inline(never)
func endFlushingSubnormals(_ mode: UInt32) {
  edgewise_set_floating_point_mode(mode)
}
