// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

/// A module of the floors that `README.md` draws: it may import lower floors only.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// What tests of several modules share.
let support = Target.target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict)

/// The tests of one module, with what else they use.
func tests(of module: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: module + "Tests", dependencies: [.byName(name: module), "TestSupport"] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Edgewise",
  products: [
    .executable(name: "edgewise", targets: ["edgewise"]),
    .library(
      name: "EdgewiseLearning", targets: ["ReinforcementLearning", "NeuralNetworks", "Policies", "Agents"]),
    .library(name: "EdgewiseFederation", targets: ["Federation", "Cryptography"]),
    .library(
      name: "EdgewiseWorlds",
      targets: [
        "EdgeCloud", "VehicularEdge", "AerialEdge", "IndustrialEdge", "ClassicControl", "ParticleWorld", "Baselines",
      ]),
    .library(name: "EdgewiseEnvironments", type: .dynamic, targets: ["EnvironmentInterface"]),
    .library(name: "EdgewiseTrials", targets: ["Trials", "Checkpointing", "PolicyExport"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Federated training over the processes of an MPI job; needs OpenMPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // Floor 0
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    // A C module: what MPI's names stand for, Swift cannot import. Empty without the trait.
    .target(
      name: "CMPIShim", dependencies: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))],
      cSettings: [.define("EDGEWISE_MPI", .when(traits: ["MPI"]))]),
    .systemLibrary(name: "CEnvironmentInterface"),
    module("Snapshots"),
    // Floor 1
    module("Randomness"),
    module("LinearAlgebra", ["COpenBLAS", realModule]),
    module("HDF5", ["CHDF5"]),
    module("Configuration", [yams]),
    module("Traces", ["CZlib", "CExpat"]),
    module("Cryptography", ["COpenSSL"]),
    // Floor 2
    module("NeuralNetworks", ["LinearAlgebra", "Randomness", "Snapshots", realModule]),
    module("ReinforcementLearning", ["Randomness", "Snapshots"]),
    module("EdgeCloud", ["Randomness", "Traces"]),
    module("Checkpointing", ["HDF5", "Snapshots"]),
    // Floor 3
    module("Policies", ["NeuralNetworks", "LinearAlgebra", "ReinforcementLearning", "Randomness", "Snapshots"]),
    module("ClassicControl", ["LinearAlgebra", "ReinforcementLearning", "Randomness", "Snapshots"]),
    module("ParticleWorld", ["ReinforcementLearning", "Randomness", "Snapshots"]),
    module(
      "VehicularEdge",
      ["EdgeCloud", "ReinforcementLearning", "Randomness", "Snapshots", "Configuration", "Traces"]),
    module(
      "AerialEdge",
      ["EdgeCloud", "ReinforcementLearning", "Randomness", "Snapshots", "Configuration", "Traces"]),
    module(
      "IndustrialEdge",
      ["EdgeCloud", "ReinforcementLearning", "Randomness", "Snapshots", "Configuration", "Traces"]),
    module("Baselines", ["EdgeCloud", "ReinforcementLearning", "Randomness"]),
    // Floor 4
    module(
      "Agents", ["Policies", "NeuralNetworks", "LinearAlgebra", "ReinforcementLearning", "Randomness", "Snapshots"]),
    module(
      "Federation", ["LinearAlgebra", "Configuration", "Cryptography", "Randomness", "Snapshots", realModule]),
    module(
      "PolicyExport", ["Policies", "NeuralNetworks", "ReinforcementLearning", "Configuration", "Randomness"]),
    // Floor 5
    module("MessagePassing", ["Federation", "CMPIShim"]),
    module(
      "Trials",
      [
        "Agents", "Federation", "PolicyExport", "VehicularEdge", "AerialEdge", "IndustrialEdge", "ClassicControl",
        "ParticleWorld",
        "Baselines", "Policies",
        "NeuralNetworks", "LinearAlgebra",
        "EdgeCloud", "Checkpointing", "ReinforcementLearning", "Configuration", "Traces", "Randomness",
        "Snapshots",
      ]),
    // Floor 6
    module(
      "EnvironmentInterface", ["CEnvironmentInterface", "Trials", "ReinforcementLearning", "Configuration"]),
    .executableTarget(
      name: "edgewise",
      dependencies: [
        "Trials", "MessagePassing", "Federation", "ReinforcementLearning", "Configuration", argumentParser,
      ],
      swiftSettings: strict),

    support,
    // A C module: Swift cannot replace malloc.
    .target(name: "AllocationCounting", path: "Tests/AllocationCounting"),
    tests(of: "Snapshots"),
    tests(of: "Randomness"),
    tests(of: "LinearAlgebra"),
    tests(of: "HDF5"),
    tests(of: "Configuration"),
    tests(of: "Traces", ["CZlib"]),
    tests(of: "Cryptography"),
    tests(of: "NeuralNetworks", ["LinearAlgebra", "Randomness", "Snapshots"], exclude: ["Fixtures"]),
    tests(of: "ReinforcementLearning", ["Randomness", "Snapshots"], exclude: ["Fixtures"]),
    tests(of: "EdgeCloud", ["AllocationCounting", "Randomness", "Traces"]),
    tests(of: "Checkpointing", ["Snapshots", "HDF5"], exclude: ["Fixtures"]),
    tests(of: "Policies", ["NeuralNetworks", "ReinforcementLearning", "Randomness", "Snapshots"]),
    tests(of: "ClassicControl", ["ReinforcementLearning", "Randomness", "Snapshots"], exclude: ["Fixtures"]),
    tests(
      of: "ParticleWorld", ["AllocationCounting", "ReinforcementLearning", "Randomness", "Snapshots"],
      exclude: ["Fixtures"]),
    tests(
      of: "VehicularEdge",
      [
        "AllocationCounting", "EdgeCloud", "ReinforcementLearning", "Configuration", "Randomness", "Snapshots",
        "Baselines", "Traces",
      ]),
    tests(
      of: "AerialEdge",
      [
        "AllocationCounting", "EdgeCloud", "ReinforcementLearning", "Configuration", "Randomness", "Snapshots",
        "Baselines", "Traces",
      ]),
    tests(
      of: "IndustrialEdge",
      [
        "AllocationCounting", "EdgeCloud", "ReinforcementLearning", "Configuration", "Randomness", "Snapshots",
        "Baselines", "Traces",
      ]),
    tests(
      of: "Baselines", ["AllocationCounting", "EdgeCloud", "ReinforcementLearning", "Randomness", "Snapshots"],
      exclude: ["Fixtures"]),
    tests(
      of: "Agents",
      [
        "AllocationCounting", "ReinforcementLearning", "NeuralNetworks", "Policies", "ClassicControl", "Randomness",
        "Snapshots",
      ], exclude: ["Fixtures"]),
    tests(
      of: "Federation", ["AllocationCounting", "Configuration", "Cryptography", "Randomness", "Snapshots"],
      exclude: ["Fixtures"]),
    tests(of: "MessagePassing", ["Federation"]),
    // Started by a launcher as several processes: Tests/Interoperability/mpi.sh.
    .executableTarget(
      name: "MessagePassingCheck", dependencies: ["MessagePassing", "Federation"], path: "Tests/MessagePassingCheck",
      swiftSettings: strict),
    tests(
      of: "PolicyExport",
      [
        "Policies", "NeuralNetworks", "ReinforcementLearning", "Randomness", "Configuration", "Checkpointing",
        "Snapshots",
      ]),
    tests(
      of: "Trials",
      [
        "Agents", "AllocationCounting", "Checkpointing", "ClassicControl", "Configuration", "Federation",
        "NeuralNetworks", "Policies", "ReinforcementLearning", "VehicularEdge", "Snapshots", "Randomness",
      ], exclude: ["Fixtures"]),
    tests(of: "EnvironmentInterface", ["CEnvironmentInterface"]),
    .testTarget(name: "CommandTests", dependencies: ["edgewise", "TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
