// The functions of edgewise.h; each says there what it does.
public import CEnvironmentInterface
import Configuration
import ReinforcementLearning
import Trials

@c @implementation
public func edgewise_interface_version() -> Int32 { EDGEWISE_INTERFACE_VERSION }

@c @implementation
public func edgewise_error() -> UnsafePointer<CChar>? { unsafe LastFailure.pointer ?? emptyText.pointer }

/// What is said where nothing failed yet.
private let emptyText = HeldText("")

@c @implementation
public func edgewise_open(
  _ path: UnsafePointer<CChar>?, _ overrides: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int32,
  _ environments: Int64, _ options: Int32, _ worlds: UnsafeMutablePointer<Int64>?
) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(worlds, "worlds")
    let path = unsafe try text(path, "path")
    let isListed = unsafe overrides != nil
    guard count == 0 || (count > 0 && isListed) else {
      throw Failure(.usage, "\(count) overrides were announced, and their list is missing")
    }
    var settings: [Override] = []
    for index in 0..<Int(count) {
      settings.append(try Override(unsafe try text(overrides?[index], "override \(index)")))
    }
    let known = EDGEWISE_BEGINS_ANEW | EDGEWISE_KEEPS_RECORDS
    guard options & ~known == 0 else { throw Failure(.usage, "the options \(options) have flags that mean nothing") }
    let opened = try Worlds(
      try Scenario(try ProjectFolder(root: nil).scenario(path), overrides: settings),
      EnsembleOptions(
        environments: Int(environments), beginsAnew: options & EDGEWISE_BEGINS_ANEW != 0,
        keepsRecords: options & EDGEWISE_KEEPS_RECORDS != 0))
    unsafe target.pointee = OpenWorlds.add(opened)
  }
}

@c @implementation
public func edgewise_close(_ worlds: Int64) -> Int32 {
  status { () throws(Failure) in try OpenWorlds.remove(worlds) }
}

@c @implementation
public func edgewise_describe(_ worlds: Int64, _ json: UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(json, "json")
    let text = try OpenWorlds.find(worlds).use { state throws(Failure) in state.description }
    unsafe target.pointee = text.pointer
  }
}

@c @implementation
public func edgewise_frame(
  _ worlds: Int64, _ layout: Int32, _ group: Int32, _ frame: UnsafeMutablePointer<edgewise_group_frame>?
) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(frame, "frame")
    let layouts = try OpenWorlds.find(worlds).use { state throws(Failure) in state.layouts }
    unsafe target.pointee = try layouts.frame(layout, group: group)
  }
}

@c @implementation
public func edgewise_shared(_ worlds: Int64, _ frame: UnsafeMutablePointer<edgewise_shared_frame>?) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(frame, "frame")
    let (layouts, count) = try OpenWorlds.find(worlds).use { state throws(Failure) in
      (state.layouts, state.ensemble.frame.environments)
    }
    unsafe target.pointee = layouts.shared(environments: count)
  }
}

@c @implementation
public func edgewise_seed(_ worlds: Int64, _ purpose: Int32, _ seed: UInt64) -> Int32 {
  status { () throws(Failure) in
    let purpose = try known(purpose)
    try OpenWorlds.find(worlds).use { state throws(Failure) in state.ensemble.seed(seed, for: purpose) }
  }
}

@c @implementation
public func edgewise_seed_each(
  _ worlds: Int64, _ purpose: Int32, _ seeds: UnsafePointer<UInt64>?, _ count: Int64
) -> Int32 {
  status { () throws(Failure) in
    let purpose = try known(purpose)
    guard let seeds = unsafe seeds else { throw Failure(.usage, "seeds is null; give a seed for each environment") }
    let opened = try OpenWorlds.find(worlds)
    let environments = try opened.use { state throws(Failure) in state.ensemble.frame.environments }
    guard count == environments else {
      throw Failure(.usage, "\(count) seeds for \(environments) environments; give one for each")
    }
    let each = unsafe Array(UnsafeBufferPointer(start: seeds, count: environments))
    try opened.use { state throws(Failure) in state.ensemble.seed(each: each, for: purpose) }
  }
}

private func known(_ purpose: Int32) throws(Failure) -> EpisodeSeeds.Purpose {
  guard let purpose = EpisodeSeeds.Purpose(rawValue: UInt64(bitPattern: Int64(purpose))) else {
    throw Failure(.usage, "\(purpose) is no purpose; write 1 (training), 2 (selection) or 3 (evaluation)")
  }
  return purpose
}

@c @implementation
public func edgewise_reset(
  _ worlds: Int64, _ chosen: UnsafePointer<Bool>?, _ layout: UnsafeMutablePointer<Int32>?
) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(layout, "layout")
    let present = try OpenWorlds.find(worlds).use { state throws(Failure) in
      state.ensemble.reset { index in unsafe chosen?[index] ?? true }
      return try state.layouts.present(in: &state.ensemble)
    }
    unsafe target.pointee = present
  }
}

@c @implementation
public func edgewise_step(
  _ worlds: Int64, _ layout: UnsafeMutablePointer<Int32>?, _ replaced: UnsafeMutablePointer<Int64>?
) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(layout, "layout")
    let (present, count) = try OpenWorlds.find(worlds).use { state throws(Failure) in
      let count = try state.ensemble.step()
      return (try state.layouts.present(in: &state.ensemble), count)
    }
    unsafe target.pointee = present
    unsafe replaced?.pointee = Int64(count)
  }
}

@c @implementation
public func edgewise_play(_ worlds: Int64, _ policy: UnsafePointer<CChar>?) -> Int32 {
  status { () throws(Failure) in
    let policy = unsafe try text(policy, "policy")
    try OpenWorlds.find(worlds).use { state throws(Failure) in try state.ensemble.play(policy) }
  }
}

@c @implementation
public func edgewise_act(_ worlds: Int64) -> Int32 {
  status { () throws(Failure) in
    try OpenWorlds.find(worlds).use { state throws(Failure) in try state.ensemble.act() }
  }
}

@c @implementation
public func edgewise_state(_ worlds: Int64, _ values: UnsafeMutablePointer<Float>?, _ count: Int64) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(values, "values")
    try OpenWorlds.find(worlds).use { state throws(Failure) in
      let (environments, width) = (state.ensemble.frame.environments, state.ensemble.stateCount)
      guard count == environments * width else {
        throw Failure(.usage, "there is room for \(count) values, but \(environments) states have \(width) each")
      }
      var all = unsafe MutableSpan(
        _unsafeElements: UnsafeMutableBufferPointer(start: target, count: environments * width))
      for index in 0..<environments {
        var part = all._mutatingExtracting(index * width..<(index + 1) * width)
        state.ensemble.state(of: index, into: &part)
      }
    }
  }
}

@c @implementation
public func edgewise_metrics(
  _ worlds: Int64, _ environment: Int64, _ json: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
  status { () throws(Failure) in
    let target = unsafe try given(json, "json")
    let held = try OpenWorlds.find(worlds).use { state throws(Failure) in
      let index = try state.environment(environment)
      var values: [String: JSONValue] = [:]
      for metric in try state.ensemble.metrics(of: index) { values[metric.name] = .optional(metric.value) }
      state.metrics = HeldText(JSONValue.object(values).text(indented: false))
      return state.metrics
    }
    unsafe target.pointee = held.pointer
  }
}

@c @implementation
public func edgewise_return_bound(
  _ worlds: Int64, _ environment: Int64, _ bound: UnsafeMutablePointer<Double>?, _ known: UnsafeMutablePointer<Bool>?
) -> Int32 {
  status { () throws(Failure) in
    let (target, flag) = unsafe (try given(bound, "bound"), try given(known, "known"))
    let value = try OpenWorlds.find(worlds).use { state throws(Failure) in
      state.ensemble.returnBound(of: try state.environment(environment))
    }
    unsafe target.pointee = value ?? .infinity
    unsafe flag.pointee = value != nil
  }
}

extension Worlds.State {
  /// An environment's number, if there is one of that number.
  fileprivate func environment(_ number: Int64) throws(Failure) -> Int {
    let count = ensemble.frame.environments
    guard (0..<Int64(count)).contains(number) else {
      throw Failure(.usage, "there is no environment \(number); write 0 to \(count - 1)")
    }
    return Int(number)
  }
}
