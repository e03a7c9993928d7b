import Foundation
import TaskNetSDK

/// That the person is here, as the page says: meanwhile they are not woken, and the page is told what they are offered.
final class Visit: NSObject, TNSdkFollowerProtocol {
    private let account: Account
    private let page: (_ event: String, _ with: String) -> Void
    private let lock = NSLock()
    private var stream: TNSdkStream?

    init(account: Account, page: @escaping (String, String) -> Void) {
        self.account = account
        self.page = page
    }

    /// Opens the stream anew, or ends it.
    func turn(_ on: Bool) throws {
        lock.lock()
        defer { lock.unlock() }
        stream?.close()
        stream = nil
        if on { stream = try account.session().visit(self) }
    }

    func happened(_ kind: String?, id _: String?, body: String?) {
        if kind == "question.offered" {
            page("offered", body ?? "{}")
        } else {
            page("here", Door.object(["live": kind == "connected"]))
        }
    }

    func ended(_: String?, text _: String?) {
        page("here", Door.object(["live": false]))
    }
}
