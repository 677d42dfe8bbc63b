/// The compressors that experiment files can name.
public enum Compressors {
  /// All of them.
  public static let all: [any Compressor.Type] = [
    StochasticQuantization.self,
    TopKSparsification.self,
  ]
}
