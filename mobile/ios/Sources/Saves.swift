import UIKit

/// A file that a page saves: it comes by piece, and goes where the person says.
final class Saves: NSObject, UIDocumentPickerDelegate {
    static let most = 16 << 20

    private let lock = NSLock()
    private var pieces = Data()
    private var asking: ((Bool) -> Void)?
    private weak var screen: UIViewController?

    /// Has the person asked on a screen.
    func ask(on screen: UIViewController) {
        self.screen = screen
    }

    /// Takes a piece, in base64, that begins where the last ended. One at 0 begins a file anew.
    func piece(_ at: Int, _ base64: String) throws {
        guard let bytes = Data(base64Encoded: base64) else { throw Told("bad_file: A piece of a file is in base64.") }
        lock.lock()
        defer { lock.unlock() }
        if at == 0 { pieces = Data() }
        guard at == pieces.count else { throw Told("bad_file: A piece of the file is missing.") }
        guard at + bytes.count <= Self.most else {
            pieces = Data()
            throw Told("too_large: The app saves files of 16 MB at most. Open the page in a browser for this one.")
        }
        pieces.append(bytes)
    }

    /// Asks the person where, and has the file copied there. Waits for both. Returns saved or cancelled.
    func save(_ name: String, _ type: String, _ size: Int) throws -> String {
        guard name.range(of: "^[^./\\\\\\p{Cc}][^/\\\\\\p{Cc}]{0,99}$", options: .regularExpression) != nil,
            type.range(of: "^[a-z]+/[a-z0-9.+-]{1,60}$", options: .regularExpression) != nil
        else { throw Told("bad_file: That is not how a file is saved.") }
        let answer = DispatchSemaphore(value: 0)
        var saved = false
        let file = try take(size) {
            saved = $0
            answer.signal()
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
        defer {
            finish(nil)
            try? FileManager.default.removeItem(at: folder)
        }
        let from = folder.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try file.write(to: from, options: .completeFileProtection) // it may be a key, and nobody reads it while the phone is locked
        } catch {
            throw Told("not_saved: There is no room for the file on this phone.")
        }
        DispatchQueue.main.async {
            guard let screen = self.screen else { return self.finish(false) }
            let picker = UIDocumentPickerViewController(forExporting: [from], asCopy: true)
            picker.delegate = self
            screen.present(picker, animated: true)
        }
        answer.wait()
        return saved ? "saved" : "cancelled"
    }

    private func take(_ size: Int, _ answer: @escaping (Bool) -> Void) throws -> Data {
        lock.lock()
        defer { lock.unlock() }
        guard asking == nil else { throw Told("busy: Another file is being saved. Finish that first.") }
        guard size == pieces.count else { throw Told("bad_file: That is not how a file is saved.") }
        asking = answer
        let file = pieces
        pieces = Data()
        return file
    }

    /// Forgets what has come.
    func forget() {
        lock.lock()
        defer { lock.unlock() }
        pieces = Data()
    }

    private func finish(_ saved: Bool?) {
        lock.lock()
        let answer = asking
        asking = nil
        lock.unlock()
        if let saved { answer?(saved) }
    }

    func documentPicker(_: UIDocumentPickerViewController, didPickDocumentsAt _: [URL]) {
        finish(true)
    }

    func documentPickerWasCancelled(_: UIDocumentPickerViewController) {
        finish(false)
    }
}
