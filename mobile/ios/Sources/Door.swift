import Foundation
import TaskNetSDK

/// What a message from a page has to get past before it is done: mobile/bridge/README.md is the contract.
final class Door {
    static let requestMost = 65_536
    static let replyMost = 4 << 20
    static let inFlight = 32
    private static let deepest = 16

    enum Field {
        case string, number, boolean, object
    }

    /// The requests with their fields, as mobile/bridge/cases.json has them.
    static let fields: [String: [String: Field]] = [
        "person": [:],
        "token": ["stale": .string],
        "register": [:],
        "assignments": ["count": .number, "taste": .object],
        "take": ["question": .string],
        "skip": ["assignment": .string, "reason": .string],
        "answer": ["assignment": .string, "said": .object, "hold_ms": .number],
        "undo": ["assignment": .string],
        "release": [:],
        "online": [:],
        "unsent": [:],
        "settled": [:],
        "found": [:],
        "look": [:],
        "backup": [:],
        "restore": ["wallet": .string],
        "erase": ["wallet": .boolean],
        "piece": ["at": .number, "bytes": .string],
        "save": ["name": .string, "type": .string, "size": .number],
        "here": ["on": .boolean],
        "waking": [:],
        "wake": ["on": .boolean],
        "shared": [:],
        "language": ["tag": .string],
        "tick": [:],
    ]

    /// Does what pages ask for, and returns JSON.
    typealias Requests = (_ what: String, _ with: [String: Any]) throws -> String

    private let origin: String
    private let requests: Requests
    private let workers = DispatchQueue(label: "org.tasknet.requests", attributes: .concurrent)
    private let page: (String) -> Void
    private let lock = NSLock()
    private var open = 0

    init(origin: String, requests: @escaping Requests, page: @escaping (String) -> Void) {
        self.origin = origin
        self.requests = requests
        self.page = page
    }

    /// Takes a message from a frame of an origin.
    func receive(from: String, mainFrame: Bool, message: String) {
        guard mainFrame, from == origin, message.utf16.count <= Self.requestMost, !Self.deep(message),
            let request = try? JSONSerialization.jsonObject(with: Data(message.utf8)) as? [String: Any],
            let id = Self.integer(request["id"]), id >= 1, id <= Int(Int32.max)
        else { return }
        guard let what = request["do"] as? String, let fields = Self.fields[what] else {
            page(Self.error(id, "unknown_request", "This version of the app does not know that."))
            return
        }
        guard request.count == 3, let with = request["with"] as? [String: Any], Self.fits(with, fields) else {
            page(Self.error(id, "bad_request", "That is not how the app is asked for this."))
            return
        }
        guard enter() else {
            page(Self.error(id, "busy", "The app has too much to do. Try again in a moment."))
            return
        }
        workers.async {
            let reply = self.reply(id, what, with)
            self.leave()
            self.page(reply)
        }
    }

    private func reply(_ id: Int, _ what: String, _ with: [String: Any]) -> String {
        do {
            let reply = "{\"id\":\(id),\"ok\":\(try requests(what, with))}"
            return reply.utf16.count <= Self.replyMost ? reply : Self.error(id, "too_large", "That is more than the app can hand over at once.")
        } catch {
            let said = error.localizedDescription
            let code = TNSdkErrorCode(said)
            return Self.error(id, code.isEmpty ? "failed" : code, TNSdkErrorText(said))
        }
    }

    private func enter() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        if open == Self.inFlight { return false }
        open += 1
        return true
    }

    private func leave() {
        lock.lock()
        defer { lock.unlock() }
        open -= 1
    }

    private static func fits(_ with: [String: Any], _ fields: [String: Field]) -> Bool {
        with.count == fields.count && with.allSatisfy { name, value in
            switch fields[name] {
            case .string: return value is String
            case .number: return integer(value) != nil
            case .boolean: return isBoolean(value)
            case .object: return value is [String: Any]
            case nil: return false
            }
        }
    }

    /// An integer of JSON: its true and false are numbers, too, to Foundation.
    private static func integer(_ value: Any?) -> Int? {
        guard let number = value as? NSNumber, !isBoolean(number), !CFNumberIsFloatType(number), let exact = Int32(exactly: number) else { return nil }
        return Int(exact)
    }

    private static func isBoolean(_ value: Any) -> Bool {
        guard let number = value as? NSNumber else { return false }
        return CFGetTypeID(number) == CFBooleanGetTypeID()
    }

    /// Whether a message nests deeper than any request.
    private static func deep(_ message: String) -> Bool {
        var depth = 0
        for c in message.utf8 {
            if c == UInt8(ascii: "[") || c == UInt8(ascii: "{") {
                depth += 1
                if depth > deepest { return true }
            } else if c == UInt8(ascii: "]") || c == UInt8(ascii: "}") {
                depth -= 1
            }
        }
        return false
    }

    static func object(_ members: [String: Any]) -> String {
        let raw = try? JSONSerialization.data(withJSONObject: members)
        return String(decoding: raw ?? Data("{}".utf8), as: UTF8.self)
    }

    private static func error(_ id: Int, _ code: String, _ text: String) -> String {
        object(["id": id, "error": ["code": code, "text": text]])
    }
}
