import Foundation
import TaskNetSDK

/// What pages ask of the app, and what does it. Each request runs on a thread that draws nothing.
final class Requested {
    private let account: Account
    private let waking: Waking
    private let visit: Visit
    private let saves: Saves
    private let tick: () -> Void

    init(account: Account, waking: Waking, visit: Visit, saves: Saves, tick: @escaping () -> Void) {
        self.account = account
        self.waking = waking
        self.visit = visit
        self.saves = saves
        self.tick = tick
    }

    func handle(_ what: String, _ with: [String: Any]) throws -> String {
        let session = try account.session()
        let text = { (name: String) in with[name] as? String ?? "" }
        let number = { (name: String) in (with[name] as? NSNumber)?.intValue ?? 0 }
        switch what {
        case "person": return session.person()
        case "token": return try call { session.token(nil, stale: text("stale"), error: $0) }
        case "register": try session.register(nil)
        case "assignments":
            try session.setTaste(Door.object(with["taste"] as? [String: Any] ?? [:]))
            return try call { session.assignments(nil, count: number("count"), languages: "", error: $0) }
        case "take": return try call { session.take(nil, question: text("question"), error: $0) }
        case "skip": try session.skip(nil, assignment: text("assignment"), reason: text("reason"))
        case "answer":
            let said = with["said"] as? [String: Any] ?? [:]
            try session.give(text("assignment"), said: Door.object(said), holdMillis: Int64(number("hold_ms")))
        case "undo": try session.undo(text("assignment"))
        case "release": session.release()
        case "online": session.online()
        case "unsent": return session.unsent()
        case "settled": return try call { session.settled($0) }
        case "found": return try call { session.logFound($0) }
        case "look": return try call { session.checkLog(nil, error: $0) }
        case "backup": return Door.object(["wallet": try call { session.backUpWallet($0) }])
        case "restore": try account.restore(text("wallet"))
        case "erase":
            try account.erase(wallet: with["wallet"] as? Bool ?? false)
            waking.forget()
            saves.forget()
            Speech.forget()
        case "piece": try saves.piece(number("at"), text("bytes"))
        case "save": return Door.object(["state": try saves.save(text("name"), text("type"), number("size"))])
        case "here": try visit.turn(with["on"] as? Bool ?? false)
        case "waking": return Door.object(["state": waking.state()])
        case "wake": return Door.object(["state": (with["on"] as? Bool ?? false) ? try waking.turnOn() : try waking.turnOff()])
        case "shared": return Door.object(["text": ""]) // iOS shares by an extension, which this app has not
        case "language": try Speech.speak(text("tag"))
        case "tick": tick()
        default: throw Told("unknown_request: \(what)")
        }
        return "{}"
    }

    /// Calls what returns a string and tells its error beside it.
    private func call(_ f: (NSErrorPointer) -> String) throws -> String {
        var failure: NSError?
        let out = f(&failure)
        if let failure { throw failure }
        return out
    }
}
