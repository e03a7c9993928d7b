import Foundation

/// The language of what the app itself says: the one that the person chose in the pages, else the phone's.
enum Speech {
    /// What there are texts in, as mobile/bridge/cases.json has it.
    static let languages = ["en", "es", "hi", "ar"]
    private static let kept = "speech"

    /// Speaks a language from now on; with an empty tag the phone's.
    static func speak(_ tag: String) throws {
        guard tag.isEmpty || languages.contains(tag) else { throw Told("bad_language: This version of the app does not speak that language.") }
        UserDefaults.standard.set(tag, forKey: kept)
    }

    /// The person who chose a language is gone.
    static func forget() {
        UserDefaults.standard.removeObject(forKey: kept)
    }

    private static var tag: String? {
        UserDefaults.standard.string(forKey: kept).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The texts of that language.
    static var texts: Bundle {
        guard let tag, let folder = Bundle.main.path(forResource: tag, ofType: "lproj") else { return .main }
        return Bundle(path: folder) ?? .main
    }

    /// The form of that language that the phone is set to, such as es-MX: numbers and plurals go by it.
    static var locale: Locale {
        guard let tag else { return .current }
        let form = Locale.preferredLanguages.first { $0.split(separator: "-").first.map(String.init) == tag }
        return Locale(identifier: form ?? tag)
    }
}

/// A text in the language that the app speaks.
func said(_ key: String) -> String {
    Speech.texts.localizedString(forKey: key, value: nil, table: nil)
}
