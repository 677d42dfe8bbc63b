import MessagePassing
import Testing

struct LaunchTests {
  @Test func `a process without a launcher has none`() {
    #expect(Launch(environment: ["PATH": "/bin"]) == nil)
  }

  @Test func `mpirun says which of how many this is, here and everywhere`() throws {
    let launch = try #require(
      Launch(environment: [
        "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "8", "OMPI_COMM_WORLD_LOCAL_SIZE": "4",
      ]))
    #expect(launch.launcher == "mpirun")
    #expect((launch.process, launch.processes) == (2, 8))
    #expect(launch.processesHere == 4)
  }

  @Test func `srun says so, with and without PMI`() throws {
    let plain = ["SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "3", "SLURM_STEP_TASKS_PER_NODE": "3"]
    let launch = try #require(Launch(environment: plain))
    #expect((launch.launcher, launch.process, launch.processes) == ("srun", 1, 3))
    let pmi = try #require(Launch(environment: plain.merging(["PMI_RANK": "1", "PMI_SIZE": "3"]) { $1 }))
    #expect((pmi.launcher, pmi.process, pmi.processes) == ("srun", 1, 3))
  }

  @Test func `a list of nodes gives the first one's processes`() throws {
    let launch = try #require(
      Launch(environment: ["SLURM_PROCID": "6", "SLURM_STEP_NUM_TASKS": "7", "SLURM_STEP_TASKS_PER_NODE": "2(x3),1"]))
    #expect(launch.processesHere == 2)
  }

  @Test func `a batch script of Slurm is one process however many tasks it may start`() {
    #expect(Launch(environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_JOB_ID": "7"]) == nil)
  }

  @Test func `mpirun inside a job of Slurm is mpirun`() throws {
    let launch = try #require(
      Launch(environment: [
        "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1", "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2",
      ]))
    #expect((launch.launcher, launch.process, launch.processes) == ("mpirun", 1, 2))
  }

  @Test(arguments: [("4", "4"), ("-1", "4"), ("one", "4"), ("0", "0"), ("0", "")])
  func `numbers that make no sense are no launch`(rank: String, size: String) {
    #expect(Launch(environment: ["OMPI_COMM_WORLD_RANK": rank, "OMPI_COMM_WORLD_SIZE": size]) == nil)
  }
}
