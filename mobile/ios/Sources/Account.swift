import Foundation
import TaskNetSDK

/// The SDK's session of whoever uses this phone: one while the process lives. Another wallet is another account, with a folder and secrets of its own.
final class Account {
    private let server: String
    private let listener: TNSdkListenerProtocol
    private let lock = NSLock()
    private var open: TNSdkSession?

    init(server: String, listener: TNSdkListenerProtocol) {
        self.server = server
        self.listener = listener
    }

    /// The session, opened when it is first asked for: that reads the disk.
    func session() throws -> TNSdkSession {
        lock.lock()
        defer { lock.unlock() }
        return try opened()
    }

    private func opened() throws -> TNSdkSession {
        if let open { return open }
        var failure: NSError?
        guard let made = TNSdkOpen(try folder(number).path, server, Keys(account: number), listener, &failure) else {
            throw failure ?? Told("failed: The session could not be opened.")
        }
        open = made
        if let node = Bundle.main.object(forInfoDictionaryKey: "TaskNetNode") as? String, !node.isEmpty { try made.trustNode(node) }
        return made
    }

    /// Puts another wallet in the place of this one: whole or not at all, also when the process dies meanwhile.
    func restore(_ wallet: String) throws {
        lock.lock()
        defer { lock.unlock() }
        let before = try opened()
        let next = number + 1
        let fresh = Keys(account: next)
        try fresh.delete(TNSdkWalletSecret) // of one that came so far before
        var failure: NSError?
        guard TNSdkRestoreWallet(fresh, wallet, &failure) else { throw failure ?? Told("failed: The wallet could not be kept.") }
        let old = Keys(account: number)
        if old.get(TNSdkWalletSecret, error: &failure) == fresh.get(TNSdkWalletSecret, error: &failure) { return }
        if let failure { throw failure }
        if before.waiting() > 0 {
            throw Told("answers_wait: Answers of this wallet wait on this phone. Go online, so that they are sent, and try again.")
        }
        try before.close()
        open = nil
        UserDefaults.standard.set(next, forKey: "account")
        try old.delete(TNSdkWalletSecret)
        try old.delete(TNSdkDeviceSecret)
        _ = try opened()
    }

    /// Has the person erased, and removes what is kept of them. The session that the next one opens is of a new device.
    func erase(wallet: Bool) throws {
        lock.lock()
        defer { lock.unlock() }
        do {
            try opened().erase(nil, wallet: wallet)
        } catch {
            if TNSdkErrorCode(error.localizedDescription) == "not_removed" { open = nil } // it is closed; the next one removes the rest
            throw error
        }
        open = nil
    }

    private var number: Int { max(1, UserDefaults.standard.integer(forKey: "account")) }

    private func folder(_ number: Int) throws -> URL {
        var at = try FileManager.default.url(for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
            .appendingPathComponent("tasknet/\(number)", isDirectory: true)
        try FileManager.default.createDirectory(at: at, withIntermediateDirectories: true)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true // what is here belongs to this phone
        try at.setResourceValues(values)
        return at
    }
}

/// An error with the text of the SDK's: a code, a colon and a sentence.
struct Told: LocalizedError {
    let errorDescription: String?

    init(_ text: String) {
        errorDescription = text
    }
}
