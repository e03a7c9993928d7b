// Package push wakes people: it sends what waits in the store to their browsers and apps, by Web Push and by Firebase Cloud
// Messaging, and learns from the push services who is gone. Whom to wake for what is decided elsewhere; nothing that a
// person waits for depends on a push.
package push
