/// A linear program, some of whose variables may have to be whole: written for any solver, checked without one.
public struct LinearProgram: Sendable, Equatable {
  /// A variable by its number.
  public struct Variable: Sendable, Hashable {
    let index: Int
  }

  /// What a row asks of its sum.
  public enum Relation: String, Sendable {
    /// At most the right-hand side.
    case atMost = "<="
    /// At least the right-hand side.
    case atLeast = ">="
    /// The right-hand side.
    case equal = "="
  }

  /// A coefficient and its variable.
  public struct Term: Sendable, Equatable {
    let factor: Double
    let variable: Variable

    /// A term.
    public init(_ factor: Double, _ variable: Variable) {
      self.factor = factor
      self.variable = variable
    }
  }

  private struct Column: Sendable, Equatable {
    let name: String
    let range: ClosedRange<Double>
    let isWhole: Bool
    let cost: Double
  }

  private struct Row: Sendable, Equatable {
    let name: String
    let terms: [Term]
    let relation: Relation
    let side: Double
  }

  private var columns: [Column] = []
  private var rows: [Row] = []

  /// A program without variables, to be minimised.
  public init() {}

  /// How many variables there are.
  public var variableCount: Int { columns.count }

  /// How many rows there are.
  public var rowCount: Int { rows.count }

  /// Adds a variable; its name must be one that LP files allow, such as `x_3_1`.
  public mutating func variable(
    _ name: String, in range: ClosedRange<Double> = 0 ... .infinity, cost: Double = 0, isWhole: Bool = false
  ) -> Variable {
    columns.append(Column(name: name, range: range, isWhole: isWhole, cost: cost))
    return Variable(index: columns.count - 1)
  }

  /// Adds a row. Terms of the same variable are added up, and those of factor 0 left out.
  public mutating func row(_ name: String, _ terms: [Term], _ relation: Relation, _ side: Double) {
    var place: [Variable: Int] = [:]
    var sums: [Term] = []
    for term in terms {
      if let index = place[term.variable] {
        sums[index] = Term(sums[index].factor + term.factor, term.variable)
      } else {
        place[term.variable] = sums.count
        sums.append(term)
      }
    }
    rows.append(Row(name: name, terms: sums.filter { $0.factor != 0 }, relation: relation, side: side))
  }

  /// The objective of a point.
  public func objective(_ point: [Double]) -> Double {
    columns.indices.reduce(0) { $0 + columns[$1].cost * point[$1] }
  }

  /// The names of the rows and variables that a point breaks by more than a tolerance.
  public func violations(_ point: [Double], tolerance: Double = 1e-9) -> [String] {
    precondition(point.count == columns.count, "a point of \(point.count) numbers for \(columns.count) variables")
    var broken: [String] = []
    for (value, column) in zip(point, columns) {
      let isInside = value >= column.range.lowerBound - tolerance && value <= column.range.upperBound + tolerance
      let isWhole = !column.isWhole || abs(value - value.rounded()) <= tolerance
      if !isInside || !isWhole { broken.append(column.name) }
    }
    for row in rows {
      let sum = row.terms.reduce(0) { $0 + $1.factor * point[$1.variable.index] }
      let slack = tolerance * max(1, abs(row.side))
      let holds: Bool
      switch row.relation {
      case .atMost: holds = sum <= row.side + slack
      case .atLeast: holds = sum >= row.side - slack
      case .equal: holds = abs(sum - row.side) <= slack
      }
      if !holds { broken.append(row.name) }
    }
    return broken
  }

  /// The same program without the demand that variables be whole: its optimum is a lower bound.
  public var relaxed: LinearProgram {
    var program = self
    program.columns = columns.map { Column(name: $0.name, range: $0.range, isWhole: false, cost: $0.cost) }
    return program
  }

  /// The program as an LP file, as CPLEX, HiGHS, CBC, GLPK and Gurobi read it. Lines are at most 200 characters long,
  /// numbers as short as they can be and still be read back exactly.
  public var text: String {
    var lines = ["Minimize"]
    append(
      " cost:", columns.indices.filter { columns[$0].cost != 0 }.map { Term(columns[$0].cost, Variable(index: $0)) },
      "", to: &lines)
    lines.append("Subject To")
    for row in rows { append(" \(row.name):", row.terms, " \(row.relation.rawValue) \(row.side)", to: &lines) }
    lines.append("Bounds")
    for column in columns where !(column.isWhole && column.range == 0...1) {
      let upper = column.range.upperBound
      lines.append(
        upper.isFinite
          ? " \(column.range.lowerBound) <= \(column.name) <= \(upper)"
          : " \(column.name) >= \(column.range.lowerBound)")
    }
    for (title, isBinary) in [("Binaries", true), ("Generals", false)] {
      let names = columns.filter { $0.isWhole && ($0.range == 0...1) == isBinary }.map { " \($0.name)" }
      if !names.isEmpty { lines += [title] + names }
    }
    lines.append("End\n")
    return lines.joined(separator: "\n")
  }

  private func append(_ head: String, _ terms: [Term], _ tail: String, to lines: inout [String]) {
    var line = head
    for term in terms {
      let sign = term.factor < 0 ? " - " : " + "
      let piece = "\(sign)\(term.factor.magnitude) \(columns[term.variable.index].name)"
      if line.utf8.count + piece.utf8.count > 190 {
        lines.append(line)
        line = "  "
      }
      line += piece
    }
    // A row without terms still needs a variable to be one.
    if terms.isEmpty, let first = columns.first { line += " 0 \(first.name)" }
    lines.append(line + tail)
  }
}
