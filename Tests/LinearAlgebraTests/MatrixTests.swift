import LinearAlgebra
import Testing

struct MatrixTests {
  @Test func `a product of two small matrices is the one computed by hand`() {
    let a = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
    let b = Matrix(rows: 3, columns: 2, values: [7, 8, 9, 10, 11, 12])
    #expect(a.multiplied(by: b) == Matrix(rows: 2, columns: 2, values: [58, 64, 139, 154]))
  }

  @Test func `transposing exchanges rows and columns`() {
    var matrix = Matrix(rows: 2, columns: 3)
    matrix[1, 0] = 4
    matrix[0, 2] = -1
    #expect(matrix.transposed.values == [0, 4, 0, 0, -1, 0])
    #expect(matrix.transposed[0, 1] == 4)
    #expect(matrix.transposed.transposed == matrix)
  }

  @Test func `an index outside is refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix(rows: 2, columns: 3)[0, 3]
    }
  }
}
