import Foundation
import TaskNetSDK
import UIKit
import UserNotifications

/// Whether questions wake this phone. The place to push to is a token of Firebase, which brings Apple's pushes: PushTransport is
/// whoever gets it. Without one the state is never.
protocol PushTransport: AnyObject {
    /// Gets a place to push to, a Subscribe of the API, and tells it, now and when it changes.
    func register(_ told: @escaping (Result<String, Error>) -> Void)
    func unregister()
}

final class Waking {
    private let account: Account
    private let transport: PushTransport?
    private let center = UNUserNotificationCenter.current()
    private let notes = UserDefaults.standard

    init(account: Account, transport: PushTransport?) {
        self.account = account
        self.transport = transport
    }

    func state() -> String {
        guard transport != nil else { return "never" }
        switch authorization() {
        case .denied: return "denied"
        case .notDetermined: return "off"
        default: return notes.string(forKey: "waking") == nil ? "off" : "on"
        }
    }

    /// Asks the person, then the transport, then tells the server. It waits for all three.
    func turnOn() throws -> String {
        guard let transport else { return "never" }
        guard wait({ done in self.center.requestAuthorization(options: [.alert, .sound]) { granted, _ in done(granted) } }) else { return "denied" }
        let place: Result<String, Error> = wait { done in transport.register(done) }
        var failure: NSError?
        let id = try account.session().wake(nil, place: try place.get(), error: &failure)
        if let failure { throw failure }
        notes.set(id, forKey: "waking")
        return state()
    }

    func turnOff() throws -> String {
        let id = notes.string(forKey: "waking")
        notes.removeObject(forKey: "waking")
        transport?.unregister()
        if let id { try account.session().wakeNoMore(nil, id_: id) }
        return state()
    }

    /// The server has forgotten where this phone is woken.
    func forget() {
        notes.removeObject(forKey: "waking")
        transport?.unregister()
    }

    private func authorization() -> UNAuthorizationStatus {
        wait { done in self.center.getNotificationSettings { done($0.authorizationStatus) } }
    }

    private func wait<T>(_ start: (@escaping (T) -> Void) -> Void) -> T {
        let ready = DispatchSemaphore(value: 0)
        var value: T?
        start {
            value = $0
            ready.signal()
        }
        ready.wait()
        return value!
    }
}
