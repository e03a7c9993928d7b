import Foundation
import TaskNetSDK
import UserNotifications

/// What a push says, in the fields that server/push writes for Firebase. Of a project it names no question, and a notice has none, nor
/// pay. It is shown by the app, not by the push service, which is told neither the question nor the language.
struct Pushed {
    static let questions = "org.tasknet.question"
    static let moved = "org.tasknet.moved"
    private static let choices = "org.tasknet.choices"

    private let notice: String?
    private let question: String?
    private let pays: String
    private let symbol: String

    /// Nil when it says nothing that can be read, or comes too late.
    init?(_ fields: [AnyHashable: Any], now: Date = Date()) {
        guard fields["wake"] is String, let until = (fields["until_ms"] as? String).flatMap(Double.init), until > now.timeIntervalSince1970 * 1000
        else { return nil }
        notice = fields["notice"] as? String
        question = fields["question"] as? String
        pays = fields["pays"] as? String ?? ""
        symbol = fields["symbol"] as? String ?? ""
    }

    /// Shows it: one notice of questions, which changes, and one of pay that goes elsewhere. Waits for the server, which has the
    /// question: what the notice shows is what is signed.
    func show(_ session: TNSdkSession) {
        let content = UNMutableNotificationContent()
        content.sound = .default
        if notice != nil {
            content.title = said("pay_moves")
            content.body = said("pay_moves_more")
            return post(Self.moved, content)
        }
        content.title = String(format: said("pays"), pays, symbol)
        content.body = said("there_are_questions")
        if let question {
            content.userInfo = ["question": question]
            if let asked = Self.asked(session, question), let text = asked["text"] as? String {
                content.body = text
                if let two = Self.twoChoices(asked) {
                    content.categoryIdentifier = Self.choices
                    content.userInfo = ["question": question, "text": text, "choices": two]
                    Self.offer(two)
                }
            }
        }
        post(Self.questions, content)
    }

    /// Answers by a button of a notice, and says what became of it. Nil when it was the notice that was tapped.
    static func answer(_ response: UNNotificationResponse, _ session: @escaping () throws -> TNSdkSession) -> (() -> Void)? {
        let shown = response.notification.request.content.userInfo
        guard let question = shown["question"] as? String, let text = shown["text"] as? String, let choices = shown["choices"] as? [String],
            let choice = Int(response.actionIdentifier), choices.indices.contains(choice)
        else { return nil }
        return {
            let content = UNMutableNotificationContent()
            do {
                var failure: NSError?
                let taken = try session().take(nil, question: question, error: &failure)
                if let failure { throw failure }
                let held = try JSONSerialization.jsonObject(with: Data(taken.utf8)) as? [String: Any] ?? [:]
                let asked = held["question"] as? [String: Any] ?? [:]
                guard asked["text"] as? String == text, twoChoices(asked) == choices else { throw Told("other_question: " + said("other_question")) }
                try session().answer(held["id"] as? String ?? "", choice: choice)
                content.title = String(format: said("it_is"), choices[choice])
                content.body = said("goes_out")
            } catch {
                content.title = said("not_answered")
                content.body = TNSdkErrorText(error.localizedDescription)
            }
            post(questions, content)
        }
    }

    private static func asked(_ session: TNSdkSession, _ question: String) -> [String: Any]? {
        var failure: NSError?
        let taken = session.take(nil, question: question, error: &failure)
        guard failure == nil, let held = try? JSONSerialization.jsonObject(with: Data(taken.utf8)) as? [String: Any] else { return nil }
        return held["question"] as? [String: Any]
    }

    /// The choices of a question that a notice can show whole, or nil.
    private static func twoChoices(_ asked: [String: Any]) -> [String]? {
        guard let all = asked["choices"] as? [String], all.count == 2, ["choice", "yes_no"].contains(asked["type"] as? String ?? "") else { return nil }
        return ["image", "audio", "choice_images", "passage"].allSatisfy { asked[$0] == nil } ? all : nil
    }

    /// Whoever holds a locked phone cannot answer by a button.
    private static func offer(_ choices: [String]) {
        let actions = choices.enumerated().map { UNNotificationAction(identifier: String($0.offset), title: $0.element, options: .authenticationRequired) }
        let category = UNNotificationCategory(identifier: Self.choices, actions: actions, intentIdentifiers: [])
        UNUserNotificationCenter.current().setNotificationCategories([category])
    }
}

/// Shows a notice in the place of the one before it.
func post(_ id: String, _ content: UNNotificationContent) {
    UNUserNotificationCenter.current().add(UNNotificationRequest(identifier: id, content: content, trigger: nil))
}
