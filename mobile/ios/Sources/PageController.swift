import UIKit
import WebKit

/// The one screen: the web app's pages.
final class PageController: UIViewController, WKScriptMessageHandler, WKNavigationDelegate {
    private static let handler = "tasknet"

    /// Makes the channel of mobile/bridge in the main frame: what the page says on its port comes here, and the reverse.
    private static let script = """
        (() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => typeof data === 'string' && webkit.messageHandlers.tasknet.postMessage(data)
          Object.defineProperty(window, '__tasknet', { value: (text) => port1.postMessage(text) })
          addEventListener('load', () => setTimeout(() => window.postMessage('tasknet-bridge', location.origin, [port2])))
        })()
        """

    private let server: URL
    private let origin: String
    private var view_: WKWebView!
    private var door: Door!

    init(server: URL, requests: (@escaping () -> Void) -> Door.Requests) {
        self.server = server
        origin = "\(Files.scheme)://\(server.host ?? "")"
        super.init(nibName: nil, bundle: nil)
        let feel = UIImpactFeedbackGenerator(style: .light)
        let tick = { DispatchQueue.main.async { feel.impactOccurred() } }
        door = Door(origin: origin, requests: requests(tick)) { [weak self] message in self?.say(message) }
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("it is made by code")
    }

    override func loadView() {
        let settings = WKWebViewConfiguration()
        settings.setURLSchemeHandler(Files(server: server), forURLScheme: Files.scheme)
        settings.applicationNameForUserAgent = "TaskNetApp/1"
        settings.userContentController.addUserScript(WKUserScript(source: Self.script, injectionTime: .atDocumentStart, forMainFrameOnly: true))
        settings.userContentController.add(Weakly(self), name: Self.handler)
        view_ = WKWebView(frame: .zero, configuration: settings)
        view_.navigationDelegate = self
        view_.allowsBackForwardNavigationGestures = true
        view = view_
    }

    /// Shows a page of the app.
    func show(path: String) {
        loadViewIfNeeded()
        if view_.url == nil, let url = URL(string: origin + path) {
            view_.load(URLRequest(url: url))
        } else {
            tell("go", Door.object(["path": path]))
        }
    }

    /// Tells the page what has happened.
    func tell(_ event: String, _ with: String) {
        say("{\"event\":\"\(event)\",\"with\":\(with)}")
    }

    private func say(_ message: String) {
        DispatchQueue.main.async {
            self.view_?.callAsyncJavaScript("window.__tasknet?.(text)", arguments: ["text": message], in: nil, in: .page, completionHandler: nil)
        }
    }

    func userContentController(_: WKUserContentController, didReceive message: WKScriptMessage) {
        guard let text = message.body as? String else { return }
        let from = message.frameInfo.securityOrigin
        let port = from.port == 0 ? "" : ":\(from.port)"
        door.receive(from: "\(from.protocol)://\(from.host)\(port)", mainFrame: message.frameInfo.isMainFrame, message: text)
    }

    func webView(_: WKWebView, decidePolicyFor action: WKNavigationAction, decisionHandler: @escaping (WKNavigationActionPolicy) -> Void) {
        guard let url = action.request.url else { return decisionHandler(.cancel) }
        if url.scheme == Files.scheme && url.host == server.host { return decisionHandler(.allow) }
        decisionHandler(.cancel)
        let main = action.targetFrame?.isMainFrame ?? true
        if main, ["https", "http", "mailto"].contains(url.scheme) { UIApplication.shared.open(url) }
    }

    func webViewWebContentProcessDidTerminate(_ view: WKWebView) {
        view.reload() // the phone was short of memory
    }
}

/// A handler that does not keep the screen: WebKit keeps its handlers.
private final class Weakly: NSObject, WKScriptMessageHandler {
    private weak var to: WKScriptMessageHandler?

    init(_ to: WKScriptMessageHandler) {
        self.to = to
    }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        to?.userContentController(controller, didReceive: message)
    }
}
