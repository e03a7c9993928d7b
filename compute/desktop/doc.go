// Package desktop is the client on a person's own computer: it has a node work when the owner wants it to, and shows on a page of
// the computer's own what it does. The page is for whoever has a link of the moment, which the owner's files alone hold.
package desktop
