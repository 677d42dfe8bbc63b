import FoundationEssentials
import NeuralNetworks

/// What PyTorch computed for a network; written by Tests/Interoperability/make_network_fixtures.py.
struct NetworkFixture: Decodable {
  let widths: [Int]
  let activation: String
  let outputActivation: String
  let batch: Int
  let loss: String
  let threshold: Float
  let parameters: [Float]
  let inputs: [Float]
  let targets: [Float]
  let outputs: [Double]
  let lossValue: Double
  let beyondThreshold: Int
  let gradient: [Double]
  let inputGradient: [Double]
  let clipMaximum: Float
  let clipNorm: Double
  let clippedGradient: [Double]
  let adamCheckpoints: [String: [Double]]
  let adamLosses: [Double]

  static let names = ["relu-mse", "relu-huber", "tanh-huber", "tanh-tanh-mse"]

  static func load(_ name: String) throws -> NetworkFixture { try decodeFixture(name) }

  var network: Network? {
    guard let activation = Activation(rawValue: activation),
      let outputActivation = Activation(rawValue: outputActivation)
    else { return nil }
    return .mlp(
      inputs: widths[0], hidden: Array(widths[1..<widths.count - 1]), outputs: widths[widths.count - 1],
      activation: activation, outputActivation: outputActivation)
  }
}

/// PyTorch's losses and derivatives of single errors.
struct LossFixture: Decodable {
  struct Case: Decodable {
    let loss: String
    let threshold: Float
    let values: [Double]
    let derivatives: [Double]
    let mean: Double
  }

  let errors: [Float]
  let cases: [Case]

  static func load() throws -> LossFixture { try decodeFixture("losses") }
}

/// Parameters after steps of PyTorch's Adam along given gradients.
struct AdamFixture: Decodable {
  struct Settings: Decodable {
    let learningRate: Float
    let beta1: Float
    let beta2: Float
    let epsilon: Float
  }

  let settings: Settings
  let initial: [Float]
  let gradients: [Float]
  let after: [String: [Double]]

  static func load() throws -> AdamFixture { try decodeFixture("adam") }
}

extension Loss {
  init(name: String, threshold: Float) {
    self = name == "mse" ? .mse : .huber(threshold: threshold)
  }
}

func decodeFixture<Fixture: Decodable>(_ name: String, beside file: String = #filePath) throws
  -> Fixture
{
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "Fixtures")
  return try JSONDecoder().decode(
    Fixture.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
}
