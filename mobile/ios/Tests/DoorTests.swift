import XCTest

@testable import TaskNet

/// The cases of mobile/bridge that need no server and no screen.
final class DoorTests: XCTestCase {
    private let own = "tasknet://tasknet.example"

    private func contract() throws -> [String: Any] {
        let url = try XCTUnwrap(Bundle(for: DoorTests.self).url(forResource: "cases", withExtension: "json"))
        return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    }

    func testCases() throws {
        for c in try XCTUnwrap(contract()["app"] as? [[String: Any]]) {
            let name = c["name"] as? String ?? ""
            let message = (c["send"] as? String ?? "") + String(repeating: "x", count: c["pad"] as? Int ?? 0)
            let known = c["ok"] != nil || ["unknown_request", "bad_request"].contains(c["error"] as? String ?? "") == false
            let said = expectation(description: name)
            said.isInverted = c["silent"] as? Bool ?? false
            let door = Door(origin: own, requests: { _, _ in "{}" }, page: { reply in
                if !said.isInverted { XCTAssertEqual(known, reply.contains("\"ok\":"), name + ": " + reply) }
                said.fulfill()
            })
            let from = (c["origin"] as? String ?? own).replacingOccurrences(of: "${own}", with: own)
            door.receive(from: from, mainFrame: !(c["frame"] as? Bool ?? false), message: message)
            wait(for: [said], timeout: said.isInverted ? 0.1 : 30)
        }
    }

    func testBrokenPromises() throws {
        let text = { (log: Bool, answers: Int) in BrokenPromise(json: Door.object(["instance": "ab", "log": log, "answers": answers]))?.text }
        XCTAssertNil(text(false, 0))
        XCTAssertTrue(try XCTUnwrap(text(false, 1)).hasPrefix("An answer"))
        XCTAssertTrue(try XCTUnwrap(text(false, 3)).hasPrefix("3 answers"))
        XCTAssertTrue(try XCTUnwrap(text(true, 3)).hasPrefix("Its public log"))
        XCTAssertNil(BrokenPromise(json: "{}"))
    }

    func testWhatPagesSend() throws {
        for c in try XCTUnwrap(contract()["page"] as? [[String: Any]]) {
            var request = try XCTUnwrap(c["sends"] as? [String: Any])
            request["id"] = 1
            let said = expectation(description: request["do"] as? String ?? "")
            let door = Door(origin: own, requests: { _, _ in "{}" }, page: { reply in
                XCTAssertEqual("{\"id\":1,\"ok\":{}}", reply)
                said.fulfill()
            })
            door.receive(from: own, mainFrame: true, message: Door.object(request))
            wait(for: [said], timeout: 30)
        }
    }
}
