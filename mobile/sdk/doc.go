// Package sdk is what the apps for Android and iOS, and apps of others, answer questions with. gomobile binds it, so that all
// that it exports is made of strings, integers, booleans, errors, and structs and interfaces of these; what is richer crosses as
// the JSON of package wire. It keeps no globals, no SQL and no screen: it holds keys by a store of the platform, keeps answers in
// a folder until the server has acknowledged them, and talks to the server.
//
// The way of an answer, by the folder that it is in: a line of the log in outbox/, and then a file.
//
//	Answer            the server's receipt          the public log has it
//	------> outbox/ ------------------> receipts/ ----------------------> logged/
//	              \-- refused for good --> refused/
//
// A session looks into the log by itself: what a receipt promises and the log does not have stays in receipts/ with what shows it,
// and what is wrong with the log as a whole is kept beside its last checkpoint, in known/.
//
// The line is on the disk before Answer returns, and is over only when the file is. What is sent again is the same bytes, of
// which the server records one answer.
package sdk
