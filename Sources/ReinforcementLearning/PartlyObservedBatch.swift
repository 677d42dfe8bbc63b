/// A batch of the world inside a partial view: it steps on arrays with all fields, of which the seen ones are copied.
///
/// Where all fields are seen, the world's batch works on the caller's frame itself.
public struct PartlyObservedBatch<Inner: Environment>: EnvironmentBatch {
  public typealias World = PartlyObserved<Inner>

  private var worlds: Inner.Batch
  private let view: PartlyObserved<Inner>
  /// What the world inside shows: only the observations are its own, all else is lent by the caller's frame. Without
  /// groups where all fields are seen.
  private var whole: VectorFrame

  public init(_ world: PartlyObserved<Inner>, count: Int) {
    worlds = Inner.Batch(world.world, count: count)
    view = world
    whole = VectorFrame(world.places == nil ? [] : world.world.groups, environments: count)
  }

  public var count: Int { worlds.count }

  public subscript(index: Int) -> PartlyObserved<Inner> {
    get { view.showing(worlds[index]) }
    set { worlds[index] = newValue.world }
  }

  public mutating func step(_ frame: inout VectorFrame) {
    guard let places = view.places else { return worlds.step(&frame) }
    whole.exchangeAllButObservations(with: &frame)
    worlds.step(&whole)
    whole.exchangeAllButObservations(with: &frame)
    for group in 0..<places.count {
      let fields = places[group]
      let all = whole.groups[group].nextObservations
      var seen = frame.groups[group].nextObservations.mutableSpan
      copyFields(fields.span, ofRows: 0..<whole.groups[group].rows, from: all.span, to: &seen)
    }
  }

  public mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame) {
    guard let places = view.places else { return worlds.reset(indices, seeds: seeds, in: &frame) }
    whole.exchangeAllButObservations(with: &frame)
    worlds.reset(indices, seeds: seeds, in: &whole)
    whole.exchangeAllButObservations(with: &frame)
    for group in 0..<places.count {
      let slots = whole.groups[group].group.count
      let fields = places[group]
      let all = whole.groups[group].observations
      var seen = frame.groups[group].observations.mutableSpan
      for place in 0..<indices.count {
        let first = indices[place] * slots
        copyFields(fields.span, ofRows: first..<first + slots, from: all.span, to: &seen)
      }
    }
  }

  public mutating func writeActive(in frame: inout VectorFrame) { worlds.writeActive(in: &frame) }
}

extension VectorFrame {
  /// Exchanges everything but the observations with a frame of equally many rows.
  fileprivate mutating func exchangeAllButObservations(with other: inout VectorFrame) {
    for group in 0..<groups.count {
      swap(&groups[group].masks, &other.groups[group].masks)
      swap(&groups[group].active, &other.groups[group].active)
      swap(&groups[group].actions, &other.groups[group].actions)
      swap(&groups[group].continuousActions, &other.groups[group].continuousActions)
      swap(&groups[group].rewards, &other.groups[group].rewards)
      swap(&groups[group].terminated, &other.groups[group].terminated)
      swap(&groups[group].truncated, &other.groups[group].truncated)
      swap(&groups[group].nextMasks, &other.groups[group].nextMasks)
    }
    swap(&episodeOver, &other.episodeOver)
  }
}
