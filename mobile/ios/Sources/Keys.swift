import Foundation
import Security
import TaskNetSDK

/// The secrets of one account in the phone's keychain: on this device only, and readable after its first unlocking, so that
/// answers go out while it is locked. A keychain that fails is an error and never an empty place: the SDK would make somebody new there.
final class Keys: NSObject, TNSdkSecureStoreProtocol {
    private let account: Int

    init(account: Int) {
        self.account = account
    }

    func get(_ name: String?, error: NSErrorPointer) -> String {
        var query = place(name)
        query[kSecReturnData as String] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return "" }
        guard status == errSecSuccess, let raw = found as? Data, let secret = String(data: raw, encoding: .utf8) else {
            error?.pointee = failure(status)
            return ""
        }
        return secret
    }

    func set(_ name: String?, secret: String?) throws {
        let value = Data((secret ?? "").utf8)
        var status = SecItemUpdate(place(name) as CFDictionary, [kSecValueData as String: value] as CFDictionary)
        if status == errSecItemNotFound {
            var item = place(name)
            item[kSecValueData as String] = value
            item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            status = SecItemAdd(item as CFDictionary, nil)
        }
        if status != errSecSuccess { throw failure(status) }
    }

    func delete(_ name: String?) throws {
        let status = SecItemDelete(place(name) as CFDictionary)
        if status != errSecSuccess && status != errSecItemNotFound { throw failure(status) }
    }

    private func place(_ name: String?) -> [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: "tasknet",
            kSecAttrAccount as String: "\(account)/\(name ?? "")",
        ]
    }

    private func failure(_ status: OSStatus) -> NSError {
        let text = SecCopyErrorMessageString(status, nil) as String? ?? "The keychain failed."
        return NSError(domain: NSOSStatusErrorDomain, code: Int(status), userInfo: [NSLocalizedDescriptionKey: text])
    }
}
