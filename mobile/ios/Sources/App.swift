import BackgroundTasks
import Network
import TaskNetSDK
import UIKit
import UserNotifications

/// What lives as long as the process: the account, who is told what happens to answers, and what wakes the app.
@main
final class App: UIResponder, UIApplicationDelegate, TNSdkListenerProtocol, UNUserNotificationCenterDelegate {
    private static let sync = "org.tasknet.sync"
    private static let look = "org.tasknet.look"
    private static let lookEvery: TimeInterval = 4 * 3600 // as often as the SDK does while the app is open

    var window: UIWindow?
    private var account: Account!
    private var page: PageController!
    private var visit: Visit!
    private let saves = Saves()
    private let network = NWPathMonitor()

    func application(_: UIApplication, didFinishLaunchingWithOptions _: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
        guard let address = Bundle.main.object(forInfoDictionaryKey: "TaskNetServer") as? String, let server = URL(string: address) else {
            fatalError("TaskNetServer of Info.plist is no address")
        }
        account = Account(server: address, listener: self)
        let waking = Waking(account: account, transport: nil)
        visit = Visit(account: account) { [weak self] event, with in self?.page.tell(event, with) }
        page = PageController(server: server) { [account, visit, saves] tick in
            Requested(account: account!, waking: waking, visit: visit!, saves: saves, tick: tick).handle
        }
        saves.ask(on: page)
        UNUserNotificationCenter.current().delegate = self
        BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.sync, using: nil) { [weak self] task in self?.send(task) }
        BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.look, using: nil) { [weak self] task in self?.look(task) }
        network.pathUpdateHandler = { [account] path in
            if path.status == .satisfied { try? account?.session().online() }
        }
        network.start(queue: .global())
        window = UIWindow(frame: UIScreen.main.bounds)
        window?.rootViewController = page
        window?.makeKeyAndVisible()
        page.show(path: "/")
        return true
    }

    func applicationDidBecomeActive(_: UIApplication) {
        inBackground { $0.online() }
    }

    func applicationDidEnterBackground(_ app: UIApplication) {
        // The few seconds that the platform gives are mostly enough; a task of later does the rest.
        let span = app.beginBackgroundTask()
        schedule()
        scheduleLook()
        DispatchQueue.global().async { [visit] in try? visit?.turn(false) }
        inBackground { session in
            session.release()
            for _ in 0..<40 where session.waiting() > 0 { Thread.sleep(forTimeInterval: 0.5) }
            DispatchQueue.main.async { app.endBackgroundTask(span) }
        }
    }

    func application(_: UIApplication, continue activity: NSUserActivity, restorationHandler _: @escaping ([UIUserActivityRestoring]?) -> Void) -> Bool {
        guard let url = activity.webpageURL else { return false }
        page.show(path: url.path + (url.query.map { "?\($0)" } ?? "") + (url.fragment.map { "#\($0)" } ?? ""))
        return true
    }

    /// A push came, however the transport has it brought: the app shows what it says.
    func application(_: UIApplication, didReceiveRemoteNotification fields: [AnyHashable: Any], fetchCompletionHandler done: @escaping (UIBackgroundFetchResult) -> Void) {
        guard let pushed = Pushed(fields) else { return done(.noData) }
        DispatchQueue.global().async { [account] in
            guard let session = try? account?.session() else { return done(.failed) }
            pushed.show(session)
            done(.newData)
        }
    }

    /// A notice leads to its question, to the page with the evidence, or to where a change of the payout address is cancelled; its
    /// buttons answer.
    func userNotificationCenter(_: UNUserNotificationCenter, didReceive response: UNNotificationResponse, withCompletionHandler done: @escaping () -> Void) {
        if let answer = Pushed.answer(response, { [account] in try account!.session() }) {
            return DispatchQueue.global().async {
                answer()
                done()
            }
        }
        defer { done() }
        switch response.notification.request.identifier {
        case BrokenPromise.notice: return page.show(path: "/answered")
        case Pushed.moved: return page.show(path: "/key/payout")
        default: break
        }
        let question = response.notification.request.content.userInfo["question"] as? String
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "_"))
        page.show(path: question?.addingPercentEncoding(withAllowedCharacters: allowed).map { "/?question=\($0)" } ?? "/")
    }

    private func schedule() {
        let request = BGProcessingTaskRequest(identifier: Self.sync)
        request.requiresNetworkConnectivity = true
        try? BGTaskScheduler.shared.submit(request) // one that the platform refuses is made up for at the next start
    }

    private func send(_ task: BGTask) {
        var ended = false
        task.expirationHandler = { ended = true }
        inBackground { session in
            session.online()
            while session.waiting() > 0 && !ended { Thread.sleep(forTimeInterval: 0.5) }
            if session.waiting() > 0 { self.schedule() }
            task.setTaskCompleted(success: session.waiting() == 0)
        }
    }

    private func scheduleLook() {
        let request = BGAppRefreshTaskRequest(identifier: Self.look)
        request.earliestBeginDate = Date(timeIntervalSinceNow: Self.lookEvery)
        try? BGTaskScheduler.shared.submit(request) // one that the platform refuses is made up for while the app is open
    }

    /// Has the public log looked into while nobody has the app open: what was promised to this phone is looked for by itself.
    private func look(_ task: BGTask) {
        scheduleLook()
        let cancel = TNSdkNewCancel()
        task.expirationHandler = { cancel?.cancel() }
        DispatchQueue.global().async { [account] in
            var failure: NSError?
            _ = (try? account?.session())?.checkLogIfDue(cancel, error: &failure)
            task.setTaskCompleted(success: failure == nil)
        }
    }

    private func inBackground(_ work: @escaping (TNSdkSession) -> Void) {
        DispatchQueue.global().async { [account] in
            if let session = try? account?.session() { work(session) }
        }
    }

    func accepted(_ answer: String?) {
        page.tell("accepted", answer ?? "{}")
    }

    func refused(_ answer: String?) {
        page.tell("refused", answer ?? "{}")
    }

    func expired(_ assignment: String?) {
        page.tell("expired", assignment ?? "{}")
    }

    func delayed(_ code: String?, text: String?) {
        page.tell("delayed", Door.object(["code": code ?? "", "text": text ?? ""]))
    }

    func found(_ found: String?) {
        page.tell("found", found ?? "{}")
        BrokenPromise(json: found ?? "{}")?.show()
    }
}
