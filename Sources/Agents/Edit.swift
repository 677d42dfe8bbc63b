/// Lends an array for writing.
///
/// Swift 6.3.1, optimising, may go on reading the old elements of a stored array that was shared with a copy when a
/// mutable span of it was taken in the same function. A call that is not inlined keeps the two apart; it costs nothing
/// beside a pass over the array.
@inline(never)
func edit<Element>(_ array: inout [Element], _ body: (inout MutableSpan<Element>) -> Void) {
  var span = array.mutableSpan
  body(&span)
}
