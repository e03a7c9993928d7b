import Foundation
import WebKit

/// The web app's built files, under a scheme of the app's own, and the server behind it: WebKit lets no app answer for https. So
/// the pages ask one origin for all, and there is nothing to allow across origins.
final class Files: NSObject, WKURLSchemeHandler {
    static let scheme = "tasknet"

    /// What the server's own replies allow pages: server/api sends the same.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    private static let servers = try? NSRegularExpression(pattern: "^/(v1|media|log|docs|openapi[^/]*|healthz|readyz|metrics|schemas)(/.*)?$")
    private static let types = [
        "html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png", "webmanifest": "application/manifest+json",
    ]

    private let server: URL
    private let network = URLSession(configuration: .ephemeral)
    private var running: [ObjectIdentifier: URLSessionDataTask] = [:] // of the screen's thread

    init(server: URL) {
        self.server = server
    }

    func webView(_: WKWebView, start task: WKURLSchemeTask) {
        guard let url = task.request.url, url.host == server.host else { return task.didFailWithError(URLError(.badURL)) }
        let path = url.path.isEmpty ? "/" : url.path
        let whole = NSRange(path.startIndex..., in: path)
        if Self.servers?.firstMatch(in: path, range: whole) != nil { return forward(task, url) }
        reply(task, url, path)
    }

    func webView(_: WKWebView, stop task: WKURLSchemeTask) {
        running.removeValue(forKey: ObjectIdentifier(task))?.cancel()
    }

    private func reply(_ task: WKURLSchemeTask, _ url: URL, _ path: String) {
        guard let root = Bundle.main.resourceURL?.appendingPathComponent("web", isDirectory: true).standardizedFileURL else {
            return task.didFailWithError(URLError(.fileDoesNotExist))
        }
        var file = root.appendingPathComponent(path).standardizedFileURL
        var folder: ObjCBool = false
        let inside = file.path.hasPrefix(root.path + "/") && FileManager.default.fileExists(atPath: file.path, isDirectory: &folder) && !folder.boolValue
        if !inside { file = root.appendingPathComponent("index.html") } // the app's own routes have no file
        guard let body = try? Data(contentsOf: file) else { return task.didFailWithError(URLError(.fileDoesNotExist)) }
        let headers = [
            "Content-Type": Self.types[file.pathExtension] ?? "application/octet-stream", "Content-Length": "\(body.count)",
            "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        ]
        guard let response = HTTPURLResponse(url: url, statusCode: 200, httpVersion: "HTTP/1.1", headerFields: headers) else { return }
        task.didReceive(response)
        task.didReceive(body)
        task.didFinish()
    }

    /// Asks the server. The reply comes whole; long polls and streams are the SDK's.
    private func forward(_ task: WKURLSchemeTask, _ url: URL) {
        var there = URLComponents(url: url, resolvingAgainstBaseURL: false)
        there?.scheme = server.scheme
        there?.port = server.port
        guard let address = there?.url else { return task.didFailWithError(URLError(.badURL)) }
        var request = task.request
        request.url = address
        let key = ObjectIdentifier(task)
        let asked = network.dataTask(with: request) { body, response, failure in
            DispatchQueue.main.async {
                guard self.running.removeValue(forKey: key) != nil else { return } // stopped: WebKit forbids a word about it
                guard let reply = response as? HTTPURLResponse, let body,
                    let here = HTTPURLResponse(url: url, statusCode: reply.statusCode, httpVersion: "HTTP/1.1", headerFields: reply.allHeaderFields as? [String: String])
                else { return task.didFailWithError(failure ?? URLError(.badServerResponse)) }
                task.didReceive(here)
                task.didReceive(body)
                task.didFinish()
            }
        }
        running[key] = asked
        asked.resume()
    }
}
