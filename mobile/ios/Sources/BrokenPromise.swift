import Foundation
import UserNotifications

/// What looks into the public log have found wrong, and the notice of it: one, until the server has kept what it promised.
struct BrokenPromise {
    static let notice = "org.tasknet.promise"

    let log: Bool
    let answers: Int

    /// Nil when it is not how the SDK tells it.
    init?(json: String) {
        guard let said = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any],
            let log = said["log"] as? Bool, let answers = said["answers"] as? Int
        else { return nil }
        self.log = log
        self.answers = answers
    }

    /// Nil when nothing is wrong.
    var text: String? {
        if log { return said("log_broken") }
        return answers == 0 ? nil : String(format: said("not_in_log"), locale: Speech.locale, answers)
    }

    /// Shows the notice where notices are allowed, or takes it back.
    func show() {
        let center = UNUserNotificationCenter.current()
        guard let text else {
            center.removeDeliveredNotifications(withIdentifiers: [Self.notice])
            return
        }
        let content = UNMutableNotificationContent()
        content.title = said("promise_broken")
        content.body = text
        post(Self.notice, content)
    }
}
