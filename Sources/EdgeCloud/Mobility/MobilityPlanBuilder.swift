extension MobilityPlan {
  /// Makes a plan instant by instant from the vehicles that are present.
  public struct Builder: Sendable {
    /// One unbroken presence of a vehicle, in a slot or waiting for one.
    private struct Presence {
      let entity: UInt64
      var lastInstant: Int
      /// Its place among the vehicles of the last instant.
      var place: Int
      var slot: Int
      var stay: Int
    }

    private let slots: Int
    private let interval_s: Double
    private var instants = 0
    private var occupant: [Int32] = []
    private var x_m: [Double] = []
    private var y_m: [Double] = []
    private var speed_mps: [Double] = []
    private var entity: [UInt64] = []
    private var departure_s: [Double] = []
    private var unservedInstants = 0

    private var presences: [Presence] = []
    private var presenceOfEntity: [UInt64: Int] = [:]
    private var order: [Int] = []
    private var lastOrder: [Int] = []
    private var waiting: [Int] = []
    private var isTaken: [Bool]
    private var freeSlots: Int

    /// A builder without instants; `instants` is how many to make room for.
    public init(slots: Int, interval_s: Double, instants: Int = 0) {
      precondition(slots > 0, "a plan needs at least one slot, not \(slots)")
      precondition(
        interval_s > 0 && interval_s.isFinite, "instants need a positive interval, not \(interval_s) s")
      self.slots = slots
      self.interval_s = interval_s
      isTaken = Array(repeating: false, count: slots)
      freeSlots = slots
      occupant.reserveCapacity(instants * slots)
      x_m.reserveCapacity(instants * slots)
      y_m.reserveCapacity(instants * slots)
      speed_mps.reserveCapacity(instants * slots)
    }

    /// Adds the next instant with all vehicles present, each once. O(vehicles + slots); fastest if vehicles
    /// stay in the same order from instant to instant.
    public mutating func add(_ present: [Vehicle]) {
      swap(&order, &lastOrder)
      order.removeAll(keepingCapacity: true)
      let firstEntrant = presences.count
      recognise(present)
      let entrants = presences.count - firstEntrant
      if order.count - entrants < lastOrder.count { dismissAbsent() }
      if entrants > 0 {
        waiting.append(
          contentsOf: (firstEntrant..<presences.count).sorted { presences[$0].entity < presences[$1].entity })
      }
      seatWaiting()
      write(present)
      instants += 1
    }

    /// The plan of the instants added.
    public consuming func finish() -> MobilityPlan {
      MobilityPlan(
        slots: slots, instants: instants, interval_s: interval_s, occupant: occupant, x_m: x_m, y_m: y_m,
        speed_mps: speed_mps, entity: entity, departure_s: departure_s, unservedInstants: unservedInstants)
    }

    private mutating func recognise(_ present: [Vehicle]) {
      var cursor = 0
      for vehicle in present {
        let id: Int
        if cursor < lastOrder.count, presences[lastOrder[cursor]].entity == vehicle.entity {
          id = lastOrder[cursor]
          cursor += 1
        } else if let known = presenceOfEntity[vehicle.entity] {
          id = known
          cursor = presences[known].place + 1
        } else {
          id = presences.count
          presences.append(Presence(entity: vehicle.entity, lastInstant: -1, place: 0, slot: -1, stay: -1))
          presenceOfEntity[vehicle.entity] = id
        }
        precondition(
          presences[id].lastInstant != instants,
          "vehicle \(vehicle.entity) is present twice at instant \(instants)")
        presences[id].lastInstant = instants
        presences[id].place = order.count
        order.append(id)
      }
    }

    private mutating func dismissAbsent() {
      for id in lastOrder where presences[id].lastInstant != instants {
        let gone = presences[id]
        presenceOfEntity[gone.entity] = nil
        if gone.slot >= 0 {
          departure_s[gone.stay] = Double(instants) * interval_s
          isTaken[gone.slot] = false
          freeSlots += 1
        }
      }
      waiting.removeAll { presences[$0].lastInstant != instants }
    }

    private mutating func seatWaiting() {
      let seated = min(freeSlots, waiting.count)
      if seated == 0 { return }
      var slot = 0
      for id in waiting[..<seated] {
        while isTaken[slot] { slot += 1 }
        isTaken[slot] = true
        presences[id].slot = slot
        presences[id].stay = entity.count
        entity.append(presences[id].entity)
        departure_s.append(.infinity)
      }
      freeSlots -= seated
      waiting.removeFirst(seated)
    }

    private mutating func write(_ present: [Vehicle]) {
      let row = instants * slots
      occupant.append(contentsOf: repeatElement(-1, count: slots))
      x_m.append(contentsOf: repeatElement(0, count: slots))
      y_m.append(contentsOf: repeatElement(0, count: slots))
      speed_mps.append(contentsOf: repeatElement(0, count: slots))
      for (vehicle, id) in zip(present, order) {
        let presence = presences[id]
        if presence.slot < 0 {
          unservedInstants += 1
          continue
        }
        occupant[row + presence.slot] = Int32(presence.stay)
        x_m[row + presence.slot] = vehicle.x_m
        y_m[row + presence.slot] = vehicle.y_m
        speed_mps[row + presence.slot] = vehicle.speed_mps
      }
    }
  }
}
