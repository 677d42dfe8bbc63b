import Foundation
import NeuralNetworks
import Policies

/// A policy from 4 values over 5 to 3 actions, as ONNX's own Python package wrote it, with ONNX Runtime's
/// answers.
///
/// Written with onnx 1.23.2 (`onnx.helper`, `SerializeToString(deterministic=True)`), run with ONNX Runtime
/// 1.32.0. Between normaliser and network it clips to ±5.
enum MinimalPolicy {
  static let clip: Float = 5

  static let normalizer = Normalizer(
    offset: [0.0, 0.296875, -0.28125, -0.890625], scale: [0.953125, 1.484375, 0.5625, 1.84375])

  static let network = Network.mlp(inputs: 4, hidden: [5], outputs: 3)

  static let weight0: [Float] = [
    -0.5, -0.625, 0.484375, 0.359375, 0.109375, -0.9375, -0.03125, 0.6875, -1.34375, -0.453125,
    -1.90625, -1.296875, -1.84375, -0.234375, -1.265625, 0.265625, 0.15625, -0.1875, -2.515625,
    -0.53125,
  ]

  static let bias0: [Float] = [
    -0.046875, 0.109375, -1.53125, -0.484375, -0.984375,
  ]

  static let weight1: [Float] = [
    -0.8125, 1.0625, -0.8125, -0.03125, 0.890625, -0.578125, -0.109375, 0.109375, 0.0625, -1.21875,
    0.078125, 1.359375, -1.546875, 0.859375, 0.125,
  ]

  static let bias1: [Float] = [
    -0.640625, 2.0, 0.765625,
  ]

  static var parameters: ParameterVector {
    ParameterVector(layout: network.layout, values: weight0 + bias0 + weight1 + bias1)
  }

  static let observations: [[Float]] = [
    [-4.796875, 0.296875, 2.3125, -0.75],
    [2.734375, -0.265625, 2.671875, 5.75],
    [-2.703125, 0.8125, -1.859375, 0.515625],
    [-4.75, -2.3125, -0.78125, 3.59375],
    [4.578125, -5.296875, -3.171875, 2.59375],
    [-7.96875, -1.859375, -0.390625, 5.03125],
    [2.75, -1.3125, -1.46875, -1.0],
    [6.09375, -1.71875, -1.21875, 1.40625],
  ]

  static let masks: [[Bool]] = [
    [true, true, true],
    [true, true, false],
    [false, true, true],
    [true, false, true],
    [false, true, false],
    [false, false, false],
    [true, true, true],
    [false, true, true],
  ]

  static let values: [[Float]] = [
    [-4.5619936, -0.542887, 3.6421649],
    [0.6430377, 0.2321248, 5.1705303],
    [-1.5394624, -3.1030669, -1.2603695],
    [-4.7841778, 0.5492928, 7.4277997],
    [15.4113445, -13.2094021, 8.6743994],
    [-2.8824072, -0.0390222, 10.9482393],
    [5.3814449, -4.2687984, 3.3857648],
    [5.565115, -2.6764088, 5.0710859],
  ]

  /// Nil where the mask permits nothing, for which the runtime gave 0.
  static let actions: [Int?] = [2, 0, 2, 2, 1, nil, 0, 2]

  static var file: [UInt8] { Data(base64Encoded: base64.joined()).map(Array.init) ?? [] }

  private static let base64 = [
    "CAcSC29ubnguaGVscGVyGgYxLjIzLjI68QcKNAoLb2JzZXJ2YXRpb24KCG9ic19tZWFuEghjZW50ZXJlZBoMY2VudGVyZWRfU3Vi",
    "IgNTdWIKLAoIY2VudGVyZWQKB29ic19zdGQSBnNjYWxlZBoKc2NhbGVkX0RpdiIDRGl2CjAKBnNjYWxlZAoIY2xpcF9sb3cKCWNs",
    "aXBfaGlnaBICaDAaB2gwX0NsaXAiBENsaXAKRAoCaDAKDmxheWVyXzAud2VpZ2h0CgxsYXllcl8wLmJpYXMSAmcwGgdnMF9HZW1t",
    "IgRHZW1tKg0KBnRyYW5zQhgBoAECChcKAmcwEgJoMRoHaDFfUmVsdSIEUmVsdQpQCgJoMQoObGF5ZXJfMS53ZWlnaHQKDGxheWVy",
    "XzEuYmlhcxIIcV92YWx1ZXMaDXFfdmFsdWVzX0dlbW0iBEdlbW0qDQoGdHJhbnNCGAGgAQIKRQoLYWN0aW9uX21hc2sKCHFfdmFs",
    "dWVzCglmb3JiaWRkZW4SCXBlcm1pdHRlZBoPcGVybWl0dGVkX1doZXJlIgVXaGVyZQpICglwZXJtaXR0ZWQSBmFjdGlvbhoNYWN0",
    "aW9uX0FyZ01heCIGQXJnTWF4KgsKBGF4aXMYAaABAioPCghrZWVwZGltcxgAoAECEgZwb2xpY3kqIAgEEAFCCG9ic19tZWFuShAA",
    "AAAAAACYPgAAkL4AAGS/Kh8IBBABQgdvYnNfc3RkShAAAHQ/AAC+PwAAED8AAOw/KhIQAUIIY2xpcF9sb3dKBAAAoMAqExABQglj",
    "bGlwX2hpZ2hKBAAAoEAqaAgFCAQQAUIObGF5ZXJfMC53ZWlnaHRKUAAAAL8AACC/AAD4PgAAuD4AAOA9AABwvwAAAL0AADA/AACs",
    "vwAA6L4AAPS/AACmvwAA7L8AAHC+AACivwAAiD4AACA+AABAvgAAIcAAAAi/KigIBRABQgxsYXllcl8wLmJpYXNKFAAAQL0AAOA9",
    "AADEvwAA+L4AAHy/KlQIAwgFEAFCDmxheWVyXzEud2VpZ2h0SjwAAFC/AACIPwAAUL8AAAC9AABkPwAAFL8AAOC9AADgPQAAgD0A",
    "AJy/AACgPQAArj8AAMa/AABcPwAAAD4qIAgDEAFCDGxheWVyXzEuYmlhc0oMAAAkvwAAAEAAAEQ/KhMQAUIJZm9yYmlkZGVuSgQA",
    "AID/WiIKC29ic2VydmF0aW9uEhMKEQgBEg0KBxIFYmF0Y2gKAggEWiIKC2FjdGlvbl9tYXNrEhMKEQgJEg0KBxIFYmF0Y2gKAggD",
    "YhkKBmFjdGlvbhIPCg0IBxIJCgcSBWJhdGNoYh8KCHFfdmFsdWVzEhMKEQgBEg0KBxIFYmF0Y2gKAggDQgQKABANciQKD2VkZ2V3",
    "aXNlLmZvcm1hdBIRZWRnZXdpc2UtcG9saWN5LzFyGQoSZWRnZXdpc2UuYWxnb3JpdGhtEgNkcW4=",
  ]
}
