import Foundation
import TestSupport
import Testing
import Traces

@Suite struct PlaceTableTests {
  private func write(_ text: String, in folder: borrowing TemporaryFolder) throws -> String {
    try folder.write(text, to: "places.csv")
  }

  @Test func `columns are found by name in any order and case, with carriage returns and quotes`() throws {
    let folder = try TemporaryFolder()
    let path = try write(
      "SITE,LONGITUDE,Name,Latitude\r\n1,144.95,\"Corner, north\",-37.81\r\n\r\n2, 144.96 ,plain,-37.82\r\n", in: folder
    )
    let table = try PlaceTable(contentsOf: path)
    #expect(table.longitudes_deg == [144.95, 144.96] && table.latitudes_deg == [-37.81, -37.82])
  }

  /// One degree of a great circle is R π/180 = 111,195.08 m.
  @Test func `places lie on a plane in metres from the south-west corner`() throws {
    let folder = try TemporaryFolder()
    let table = try PlaceTable(
      contentsOf: try write("latitude,longitude\n60,10\n60.01,10.02\n60.005,10.01\n", in: folder))
    let places = table.local()
    #expect(places[0].x_m == 0 && places[0].y_m == 0)
    #expect((places[1].y_m - 1111.9508).magnitude < 1e-3)
    #expect((places[1].x_m - 2223.9016 * cos(60.005 * Double.pi / 180)).magnitude < 1e-2)
    #expect((places[2].x_m * 2 - places[1].x_m).magnitude < 1e-6)
  }

  @Test(arguments: [
    ("", "is empty"), ("x,y\n1,2\n", ":1: the columns are x, y; columns latitude and longitude are wanted"),
    ("latitude,longitude\n", "has no place"), ("latitude,longitude\n1,2\n3\n", ":3: the row has 1 fields"),
    ("latitude,longitude\n91,2\n", ":2: the latitude is '91'; a number of degrees from -90 to 90 is wanted"),
    ("latitude,longitude\n1,east\n", ":2: the longitude is 'east'"), ("latitude,longitude\n1,nan\n", "'nan'"),
  ])
  func `what is wrong is said with its line`(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try write(text, in: folder)
    let error = #expect(throws: TraceError.self) { _ = try PlaceTable(contentsOf: path) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func `a file that is not there is missing`() {
    let error = #expect(throws: TraceError.self) { _ = try PlaceTable(contentsOf: "/nowhere/places.csv") }
    #expect(error?.isMissingFile == true)
  }

  private static let data = project + "/../shared/data/eua-melbourne/"

  /// Skipped where the data are not beside the project.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: data + "users-melbcbd-generated.csv"), "the EUA data are not there"))
  func `the EUA users and sites of Melbourne are read`() throws {
    let users = try PlaceTable(contentsOf: Self.data + "users-melbcbd-generated.csv")
    let sites = try PlaceTable(contentsOf: Self.data + "site-optus-melbCBD.csv")
    #expect(users.count == 816 && sites.count == 125)
    let places = users.local()
    // The data's description: about 1.45 km by 2.0 km with the sites.
    let (width, depth) = (places.map(\.x_m).max() ?? 0, places.map(\.y_m).max() ?? 0)
    #expect(width > 1500 && width < 2100 && depth > 1000 && depth < 1500)
  }
}
