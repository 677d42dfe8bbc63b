public import Checkpointing
public import Configuration
public import Traces
public import VehicularEdge

/// What went wrong, in one sentence for a person, with the exit code of sysexits that says of what kind it is.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// The codes that the commands leave with.
  public enum Code: Int32, Sendable {
    /// Wrong usage.
    case usage = 64
    /// Bad file content.
    case content = 65
    /// No such input.
    case noInput = 66
    /// Cannot write.
    case cannotWrite = 73
    /// An I/O fault.
    case fault = 74
    /// Interrupted, after a last checkpoint.
    case interrupted = 130
  }

  /// The kind.
  public let code: Code
  /// The sentence.
  public let description: String

  /// A failure by its parts.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

extension Failure {
  /// A mistake in a YAML file or an override.
  public init(_ error: ConfigurationError) {
    let code: Code =
      error.isMissingFile ? .noInput : error.kind == .unreadable ? .fault : .content
    self.init(code, error.description)
  }

  /// A mistake in a scenario or a trace that it names.
  public init(_ error: ScenarioError) {
    switch error {
    case .configuration(let error): self.init(error)
    case .trace(let error): self.init(error)
    }
  }

  /// A mistake in a trace or another file that a scenario names.
  public init(_ error: TraceError) {
    self.init(
      error.isMissingFile ? .noInput : error.kind == .unreadable ? .fault : .content, error.description)
  }

  /// A checkpoint that cannot be read or written.
  public init(_ error: CheckpointError) {
    let code: Code =
      switch error.kind {
      case .noSuchFile: .noInput
      case .badContent: .content
      case .cannotWrite: .cannotWrite
      case .ioFault: .fault
      }
    self.init(code, error.description)
  }
}

/// Runs what may fail with a typed error of a lower floor and turns it into a ``Failure``.
func translated<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
  do {
    return try body()
  } catch let failure as Failure {
    throw failure
  } catch let error as ConfigurationError {
    throw Failure(error)
  } catch let error as ScenarioError {
    throw Failure(error)
  } catch let error as TraceError {
    throw Failure(error)
  } catch let error as CheckpointError {
    throw Failure(error)
  } catch {
    throw Failure(.fault, "\(error)")
  }
}
