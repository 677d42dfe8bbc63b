internal import COpenBLAS

/// The library that carries out the matrix products.
public enum Backend {
  /// The processor type whose kernels do the work, e.g. `Haswell` or `SkylakeX`.
  ///
  /// Reading it also makes the library ready. That happens by itself before the first product; a program with
  /// threads does well to read this name before it starts them, since the preparation may set and unset an
  /// environment variable of the process.
  public static var kernelName: String {
    prepared
  }

  /// The funnel of all calls into the library: pins it to one thread and mends its choice of kernels, once.
  @inline(__always)
  static func run(_ call: () -> Void) {
    _ = prepared
    call()
  }

  private static let prepared: String = {
    edgewise_openblas_repair_kernels()
    openblas_set_num_threads(1)
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }()
}
