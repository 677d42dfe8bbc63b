import ArgumentParser
import Glibc
import Trials

/// The command-line tool.
@main
struct Edgewise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edgewise",
    abstract: "Trains, judges and ships policies that allocate resources in edge-cloud networks.",
    version: Release.version,
    subcommands: [
      ListCommand.self, CheckCommand.self, TrainCommand.self, EvaluateCommand.self, RolloutCommand.self,
      InspectCommand.self, ExportCommand.self, BenchmarkCommand.self,
    ])

  /// Runs the command and leaves with the exit code of what went wrong.
  static func main() async {
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      Console.note("error: \(failure)")
      Glibc.exit(failure.code.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
