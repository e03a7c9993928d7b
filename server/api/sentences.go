package api

import "github.com/danielgtaylor/huma/v2/validation"

// sayWhatToDo has huma say of a value that is not as the OpenAPI document describes it what to write instead. The messages
// are variables of its package; each has the verbs that it had.
func sayWhatToDo() {
	const none = "%.0v" // takes an argument that says nothing to who reads it
	for message, says := range map[*string]string{
		&validation.MsgUnexpectedProperty:                "there is no such field; leave it out, or correct its name",
		&validation.MsgExpectedRequiredProperty:          "the field %s is missing",
		&validation.MsgExpectedDependentRequiredProperty: "the field %s is missing, which goes with %s",
		&validation.MsgExpectedBoolean:                   "write true or false",
		&validation.MsgExpectedNumber:                    "write a number, without quotes",
		&validation.MsgExpectedInteger:                   "write a whole number, without quotes",
		&validation.MsgExpectedString:                    "write a text, in quotes",
		&validation.MsgExpectedArray:                     "write a list, in square brackets",
		&validation.MsgExpectedObject:                    "write an object, in braces",
		&validation.MsgExpectedOneOf:                     `write one of "%s"`,
		&validation.MsgExpectedMinimumNumber:             "write %v or more",
		&validation.MsgExpectedExclusiveMinimumNumber:    "write more than %v",
		&validation.MsgExpectedMaximumNumber:             "write %v or less",
		&validation.MsgExpectedExclusiveMaximumNumber:    "write less than %v",
		&validation.MsgExpectedMinLength:                 "write at least %d characters",
		&validation.MsgExpectedMaxLength:                 "write at most %d characters",
		&validation.MsgExpectedMinItems:                  "give at least %d",
		&validation.MsgExpectedMaxItems:                  "give at most %d",
		&validation.MsgExpectedArrayItemsUnique:          "give each only once",
		&validation.MsgExpectedRFC3339DateTime:           "write a moment such as 2026-11-21T12:00:00Z",
		&validation.MsgExpectedRFC3986URI:                "write an address such as https://example.org/image.png" + none,
		&validation.MsgExpectedBase64String:              "write it in base 64",
	} {
		*message = says
	}
}
