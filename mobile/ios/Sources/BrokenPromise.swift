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
        if log { return "Its public log is not what it was. What shows it is kept on this phone." }
        switch answers {
        case 0: return nil
        case 1: return "An answer of yours is not in its public log. What shows it is kept on this phone."
        default: return "\(answers) answers of yours are not in its public log. What shows it is kept on this phone."
        }
    }

    /// Shows the notice where notices are allowed, or takes it back.
    func show() {
        let center = UNUserNotificationCenter.current()
        guard let text else {
            center.removeDeliveredNotifications(withIdentifiers: [Self.notice])
            return
        }
        let content = UNMutableNotificationContent()
        content.title = "The server broke a promise."
        content.body = text
        center.add(UNNotificationRequest(identifier: Self.notice, content: content, trigger: nil))
    }
}
