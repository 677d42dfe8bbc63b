import Foundation
import TestSupport
import Testing

/// The tool that was built beside the tests, as a person runs it.
enum Tool {
  private static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
    .appending(path: "edgewise").path

  static func start(_ arguments: [String]) throws -> (process: Process, output: Pipe, errors: Pipe) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: project)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  static func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let (process, output, errors) = try start(arguments)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let notes = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: notes, as: UTF8.self)
    )
  }

  /// Runs a training as often as there are pauses and kills it each time so many microseconds after its first
  /// checkpoint is there.
  ///
  /// - Returns: how often it was killed in its middle.
  static func kill(_ training: [String], checkpoint: String, after pauses: [UInt32]) throws -> Int {
    var kills = 0
    for pause in pauses {
      let (process, _, _) = try start(training)
      try waitFor(checkpoint)
      usleep(pause)
      if process.isRunning {
        Foundation.kill(process.processIdentifier, SIGKILL)
        kills += 1
      }
      process.waitUntilExit()
    }
    return kills
  }

  /// Waits until a file is there, at most half a minute.
  static func waitFor(_ path: String) throws {
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
    try #require(FileManager.default.fileExists(atPath: path), "\(path) has not appeared")
  }

  /// Expects the files of two runs of a seed to be the same.
  static func expectSameBytes(_ a: String, _ b: String) throws {
    for file in ["last.h5", "best.h5", "metrics.csv"] {
      let left = try Data(contentsOf: URL(filePath: "\(a)/\(file)"))
      let right = try Data(contentsOf: URL(filePath: "\(b)/\(file)"))
      #expect(left == right, "\(file) differs")
    }
  }
}
