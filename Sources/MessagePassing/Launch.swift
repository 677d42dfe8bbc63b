/// How a launcher of parallel jobs started this process: as which of how many.
public struct Launch: Sendable, Equatable {
  /// What to call the launcher.
  public let launcher: String
  /// The number of this process.
  public let process: Int
  /// How many it started.
  public let processes: Int
  /// How many of them are on this machine, where the launcher says so.
  public let processesHere: Int?

  /// Reads what launchers leave in the environment; nil where none did, or where it makes no sense.
  ///
  /// OpenMPI's `mpirun` leaves `OMPI_COMM_WORLD_…`, MPICH's `mpiexec` and Slurm's PMI-2 `PMI_…`, and `srun`
  /// `SLURM_STEP_NUM_TASKS`, which a batch script by itself does not have.
  public init?(environment: [String: String]) {
    let traces = [
      ("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"),
      ("mpiexec", "PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"),
      ("srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_TASKS_PER_NODE"),
    ]
    for (launcher, rank, size, local) in traces {
      guard let process = environment[rank].flatMap({ Int($0) }),
        let processes = environment[size].flatMap({ Int($0) }), (0..<processes).contains(process)
      else { continue }
      self.launcher = launcher == "mpiexec" && environment["SLURM_STEP_NUM_TASKS"] != nil ? "srun" : launcher
      self.process = process
      self.processes = processes
      // Slurm lists its nodes, as in 2(x3),1.
      let here = environment[local].flatMap { Int($0.prefix { $0.isNumber }) }
      processesHere = here.flatMap { (1...processes).contains($0) ? $0 : nil }
      return
    }
    return nil
  }
}
