/// How the parameters of a network are drawn before training.
public enum Initialization: Sendable, Equatable {
  /// Weights and biases uniform between ±1/√(fan-in): the default of PyTorch's `Linear`.
  case uniformFanIn
}
