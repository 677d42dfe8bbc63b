import EdgeCloud
import Randomness

/// The jobs of all devices that compute: those that wait, and of each device the one at hand.
///
/// Devices are numbered 0 ..< devices, robots before inspectors. Arrivals are a function of (seed, device, number).
struct HallJobs: Sendable {
  /// Who has a job at hand.
  var isOpen: [Bool]
  var arrival_s: [Double]
  var size: [Double]
  /// When the last of the tasks decided so far will be done, results at the device included.
  var latest_s: [Double]
  /// The share of the deadline that has been charged.
  var charged: [Double]
  var energy_J: [Double]
  /// Where each task runs: −1 undecided; row-major [devices × tasks].
  var place: [Int32]
  /// When each task is done; infinite until that is known.
  var finish_s: [Double]
  /// The task whose input is being uploaded, −1 if none.
  var uploading: [Int32]
  /// Where it is uploaded to.
  var target: [Int32]
  /// When what comes to the task by wire is there.
  var wired_s: [Double]
  /// Jobs that wait; rings of `capacity` each.
  var waitingArrival_s: [Double]
  var waitingSize: [Double]
  var waitingFirst: [Int32]
  var waitingCount: [Int32]
  /// The number of each device's next job.
  var next: [Int64]
  var offset_s: [Double]

  let devices: Int
  let tasks: Int
  let capacity: Int

  init(_ parameters: HallParameters) {
    devices = parameters.robots.count + parameters.inspectors.count
    let jobs = [parameters.robots.job, parameters.inspectors.job]
    tasks = jobs.map(\.graph.count).max() ?? 1
    capacity = jobs.map { Int((($0.deadline_s + parameters.time.step_s) / $0.period_s).rounded(.up)) + 2 }.max() ?? 2
    let zeros = [Double](repeating: 0, count: devices)
    isOpen = [Bool](repeating: false, count: devices)
    arrival_s = zeros
    size = zeros
    latest_s = zeros
    charged = zeros
    energy_J = zeros
    wired_s = zeros
    offset_s = zeros
    place = [Int32](repeating: -1, count: devices * tasks)
    finish_s = [Double](repeating: .infinity, count: devices * tasks)
    uploading = [Int32](repeating: -1, count: devices)
    target = uploading
    waitingArrival_s = [Double](repeating: 0, count: devices * capacity)
    waitingSize = waitingArrival_s
    waitingFirst = [Int32](repeating: 0, count: devices)
    waitingCount = waitingFirst
    next = [Int64](repeating: 0, count: devices)
  }

  mutating func reset() {
    for device in 0..<devices {
      close(device)
      (waitingFirst[device], waitingCount[device], next[device]) = (0, 0, 0)
      (arrival_s[device], size[device], latest_s[device]) = (0, 0, 0)
      (charged[device], energy_J[device], wired_s[device]) = (0, 0, 0)
    }
  }

  /// Puts a job at the end of a device's ring; false if there is no room.
  mutating func enqueue(_ device: Int, arrival_s time: Double, size amount: Double) -> Bool {
    guard Int(waitingCount[device]) < capacity else { return false }
    let slot = device * capacity + (Int(waitingFirst[device]) + Int(waitingCount[device])) % capacity
    waitingArrival_s[slot] = time
    waitingSize[slot] = amount
    waitingCount[device] += 1
    return true
  }

  /// The arrival of the job that has waited longest.
  func oldestWaiting_s(_ device: Int) -> Double? {
    waitingCount[device] == 0 ? nil : waitingArrival_s[device * capacity + Int(waitingFirst[device])]
  }

  /// Takes the job that has waited longest in hand.
  mutating func open(_ device: Int) {
    let slot = device * capacity + Int(waitingFirst[device])
    removeWaiting(device)
    isOpen[device] = true
    arrival_s[device] = waitingArrival_s[slot]
    size[device] = waitingSize[slot]
    latest_s[device] = waitingArrival_s[slot]
    charged[device] = 0
    energy_J[device] = 0
  }

  /// Takes the job that has waited longest out.
  mutating func removeWaiting(_ device: Int) {
    waitingFirst[device] = Int32((Int(waitingFirst[device]) + 1) % capacity)
    waitingCount[device] -= 1
  }

  /// Ends the job at hand.
  mutating func close(_ device: Int) {
    isOpen[device] = false
    uploading[device] = -1
    target[device] = -1
    for task in 0..<tasks {
      place[device * tasks + task] = -1
      finish_s[device * tasks + task] = .infinity
    }
  }

  /// The first task in topological order that is undecided and whose predecessors are done, −1 if there is none.
  func readyTask(_ device: Int, of plan: borrowing HallPlan, at now_s: Double) -> Int {
    guard isOpen[device], uploading[device] < 0 else { return -1 }
    let first = device * tasks
    for index in 0..<plan.order.count {
      let task = plan.order[index]
      if place[first + task] >= 0 { continue }
      var isReady = true
      for edge in plan.start[task]..<plan.start[task + 1] where !(finish_s[first + plan.sources[edge]] <= now_s) {
        isReady = false
        break
      }
      if isReady { return task }
    }
    return -1
  }

  /// How many tasks of the job at hand are undecided.
  func undecided(_ device: Int, of count: Int) -> Int {
    guard isOpen[device] else { return 0 }
    var open = 0
    for task in 0..<count where place[device * tasks + task] < 0 { open += 1 }
    return open
  }

  mutating func assign(from other: HallJobs) {
    for device in 0..<devices {
      isOpen[device] = other.isOpen[device]
      arrival_s[device] = other.arrival_s[device]
      size[device] = other.size[device]
      latest_s[device] = other.latest_s[device]
      charged[device] = other.charged[device]
      energy_J[device] = other.energy_J[device]
      wired_s[device] = other.wired_s[device]
      uploading[device] = other.uploading[device]
      target[device] = other.target[device]
      waitingFirst[device] = other.waitingFirst[device]
      waitingCount[device] = other.waitingCount[device]
      next[device] = other.next[device]
      offset_s[device] = other.offset_s[device]
    }
    for index in place.indices {
      place[index] = other.place[index]
      finish_s[index] = other.finish_s[index]
    }
    for index in waitingArrival_s.indices {
      waitingArrival_s[index] = other.waitingArrival_s[index]
      waitingSize[index] = other.waitingSize[index]
    }
  }
}
